/** What the conformance suite is told of the webhook; nothing here uses its code. */
import { webhookStep } from "../../../plugins/step/webhook/mod.ts";
import type { WebhookConfig } from "../../../plugins/step/webhook/config.ts";
import type { StepSubject } from "../../../sdk/testing/step_plugin.ts";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";

export const webhookSubject: StepSubject<WebhookConfig> = {
  plugin: webhookStep,
  config: { url: "https://gate.example.com/web", tokenSecret: "gate" },
  keys: { "gate/token": "s3cr3t-token" },
  secrets: ["s3cr3t-token"],
  service: () => {
    const steps = new Set<string>();
    let isOpen = false;
    return {
      answer({ body = "" }) {
        const { operation, step } = fieldsOf(JSON.parse(body));
        if (operation !== "Run") {
          steps.delete(textOf(step));
          return {};
        }
        steps.add(textOf(step));
        const status = { seen: textOf(step) };
        return { body: JSON.stringify({ phase: isOpen ? "Successful" : "Running", status }) };
      },
      finish: () => isOpen = true,
      begun: () => [...steps],
    };
  },
};
