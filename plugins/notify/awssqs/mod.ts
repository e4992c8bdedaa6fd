/**
 * Amazon SQS: a message to a queue.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const awsSqs: Notifier = Object.freeze<Notifier>({
  name: "awssqs",
  problems: (config) => missingProblems(config, "queue"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
