/**
 * NATS: a message on a subject.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const nats: Notifier = Object.freeze<Notifier>({
  name: "nats",
  problems: (config) => missingProblems(config, "url"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
