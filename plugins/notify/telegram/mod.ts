/**
 * Telegram: a bot writes to channels, groups and threads in them.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const telegram: Notifier = Object.freeze<Notifier>({
  name: "telegram",
  problems: (config) => missingProblems(config, "token"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
