/**
 * Mattermost: a bot writes posts to channels, with attachments.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const mattermost: Notifier = Object.freeze<Notifier>({
  name: "mattermost",
  problems: (config) => missingProblems(config, "apiURL", "token"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
