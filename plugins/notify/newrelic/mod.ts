/**
 * New Relic: a deployment marker of an application.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const newRelic: Notifier = Object.freeze<Notifier>({
  name: "newrelic",
  problems: (config) => missingProblems(config, "apiKey"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
