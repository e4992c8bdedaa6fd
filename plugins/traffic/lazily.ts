/** Actions whose module is loaded when the first of them is needed: most runs route nothing. */
import type { RouterActions, SeenTraffic } from "../../sdk/traffic_router.ts";

/** What routers of this folder can do; none of them can verify. */
export type LazyActions<Config, Seen extends SeenTraffic> = Required<
  Omit<RouterActions<Config, Seen>, "verify">
>;

export function lazily<Config, Seen extends SeenTraffic>(
  load: () => Promise<LazyActions<Config, Seen>>,
): LazyActions<Config, Seen> & { load(): Promise<void> } {
  let loaded: LazyActions<Config, Seen> | undefined;
  const actions = async () => loaded ??= await load();
  return {
    load: async () => {
      await actions();
    },
    observe: async (call, ports) => await (loaded ?? await actions()).observe(call, ports),
    plan: async (call) => await (loaded ?? await actions()).plan(call),
    release: async (call) => await (loaded ?? await actions()).release(call),
  };
}
