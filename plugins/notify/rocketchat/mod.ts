/**
 * Rocket.Chat: a user who logs in writes to rooms, channels and people.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const rocketchat: Notifier = Object.freeze<Notifier>({
  name: "rocketchat",
  problems: (config) => missingProblems(config, "email", "password", "serverUrl"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
