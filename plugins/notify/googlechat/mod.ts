/**
 * Google Chat: a text or cards to the webhook of a space, in threads by `threadKey`.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { mapProblems } from "../http.ts";

export const googleChat: Notifier = Object.freeze<Notifier>({
  name: "googlechat",
  problems: (config) => mapProblems(config, "webhooks"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
