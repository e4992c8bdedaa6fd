/**
 * Webex: a bot writes to people and rooms.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const webex: Notifier = Object.freeze<Notifier>({
  name: "webex",
  problems: (config) => missingProblems(config, "token"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
