/**
 * Alertmanager: an alert to each of its instances.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { listOf } from "../../../sdk/wire/json.ts";
import { fieldIn } from "../http.ts";

export const alertmanager: Notifier = Object.freeze<Notifier>({
  name: "alertmanager",
  problems: (config) =>
    listOf(fieldIn(config, "targets")).length === 0 ? ['"targets" is missing'] : [],
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
