/**
 * Any service that takes a request: method, path and body come from the template, under the name of
 * the service.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const webhook: Notifier = Object.freeze<Notifier>({
  name: "webhook",
  problems: (config) => missingProblems(config, "url"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
