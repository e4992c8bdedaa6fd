/**
 * Grafana: an annotation with tags, at the time of the message.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const grafana: Notifier = Object.freeze<Notifier>({
  name: "grafana",
  problems: (config) => missingProblems(config, "apiUrl", "apiKey"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
