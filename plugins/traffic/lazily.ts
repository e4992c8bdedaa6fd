/** Actions whose module is loaded when the first of them is needed: most runs route nothing. */
import type { RouterActions, SeenTraffic } from "../../sdk/traffic_router.ts";

/** What routers of this folder can do; none of them can verify. */
export type LazyActions<Config, Seen extends SeenTraffic> = Required<
  Omit<RouterActions<Config, Seen>, "verify">
>;

export function lazily<Config, Seen extends SeenTraffic>(
  load: () => Promise<LazyActions<Config, Seen>>,
): LazyActions<Config, Seen> {
  return {
    observe: async (call, ports) => await (await load()).observe(call, ports),
    plan: async (call) => await (await load()).plan(call),
    release: async (call) => await (await load()).release(call),
  };
}
