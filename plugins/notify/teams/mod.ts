/**
 * Microsoft Teams: a card to an incoming webhook.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { mapProblems } from "../http.ts";

export const teams: Notifier = Object.freeze<Notifier>({
  name: "teams",
  problems: (config) => mapProblems(config, "recipientUrls"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
