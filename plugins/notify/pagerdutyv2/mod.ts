/**
 * PagerDuty: an event of an integration, by the Events API v2.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { mapProblems } from "../http.ts";

export const pagerdutyv2: Notifier = Object.freeze<Notifier>({
  name: "pagerdutyv2",
  problems: (config) => mapProblems(config, "serviceKeys"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
