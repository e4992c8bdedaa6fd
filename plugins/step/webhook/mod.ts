/**
 * Asks a service of one's own, over HTTP, how a step is going: for approvals, tests and reports
 * that no metric measures.
 *
 * @module
 */
import type { StepPlugin } from "../../../sdk/step_plugin.ts";
import { config, type WebhookConfig } from "./config.ts";

export const webhookStep: StepPlugin<WebhookConfig> = Object.freeze<StepPlugin<WebhookConfig>>({
  name: "sluice/webhook",
  config,
  problems: ({ url }) =>
    /^https?:\/\//i.test(String(url)) ? [] : [`url "${url}" is no URL: write https://HOST/PATH`],
  run: async (call, ports) => await (await import("./post.ts")).post("Run", call, ports),
  terminate: async (call, ports) =>
    await (await import("./post.ts")).post("Terminate", call, ports),
  abort: async (call, ports) => await (await import("./post.ts")).post("Abort", call, ports),
});
