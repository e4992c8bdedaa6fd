/**
 * Opsgenie: an alert for a team.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { mapProblems } from "../http.ts";

export const opsgenie: Notifier = Object.freeze<Notifier>({
  name: "opsgenie",
  problems: (config) => mapProblems(config, "apiKeys"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
