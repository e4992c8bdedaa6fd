import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonRequest, keyFor, textIn } from "../http.ts";

const API = "https://events.pagerduty.com";

export async function send(
  { id, about, config, recipient, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const key = keyFor(config, "serviceKeys", recipient);
  if (typeof key !== "string") return key;
  const optional = ["component", "group", "class"]
    .map((name) => [name, textIn(content, name)] as const)
    .filter(([, text]) => text !== "");
  const url = textIn(content, "url");
  const event = {
    routing_key: key,
    event_action: "trigger",
    dedup_key: textIn(content, "dedupKey") || id,
    ...(url === "" ? {} : { client: "Argo Rollouts", client_url: url }),
    payload: {
      summary: textIn(content, "summary") || message,
      severity: textIn(content, "severity") || "info",
      source: textIn(content, "source") || `${about.namespace}/${about.name}`,
      ...Object.fromEntries(optional),
    },
  };
  const request = jsonRequest(joined(textIn(config, "apiURL") || API, "v2/enqueue"), event);
  return await deliver(request, config, ports);
}
