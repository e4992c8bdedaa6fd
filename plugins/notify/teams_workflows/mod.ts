/**
 * Microsoft Teams: an adaptive card to the webhook of a workflow.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { mapProblems } from "../http.ts";

export const teamsWorkflows: Notifier = Object.freeze<Notifier>({
  name: "teams-workflows",
  problems: (config) => mapProblems(config, "recipientUrls"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
