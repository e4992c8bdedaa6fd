/**
 * Pushover: a message to the devices of a user.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const pushover: Notifier = Object.freeze<Notifier>({
  name: "pushover",
  problems: (config) => missingProblems(config, "token"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
