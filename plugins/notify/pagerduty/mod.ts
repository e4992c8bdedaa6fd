/**
 * PagerDuty: an incident of a service, by the REST API.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const pagerduty: Notifier = Object.freeze<Notifier>({
  name: "pagerduty",
  problems: (config) => missingProblems(config, "token", "from"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
