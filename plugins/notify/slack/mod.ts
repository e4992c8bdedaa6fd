/**
 * Slack: a bot with a token writes to channels, in threads by `groupingKey`; an incoming webhook
 * writes to the one channel that it belongs to.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { textIn } from "../http.ts";

export const slack: Notifier = Object.freeze<Notifier>({
  name: "slack",
  problems: (config) =>
    textIn(config, "token") === "" && textIn(config, "webhookUrl") === ""
      ? ['"token" is missing']
      : [],
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
