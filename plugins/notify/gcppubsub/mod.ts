/**
 * Google Cloud Pub/Sub: a message to a topic.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const gcpPubSub: Notifier = Object.freeze<Notifier>({
  name: "gcppubsub",
  problems: (config) => missingProblems(config, "project"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
