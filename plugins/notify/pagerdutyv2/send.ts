import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { cut, deliver, joined, jsonRequest, keyFor, textIn } from "../http.ts";

const API = "https://events.pagerduty.com";
const SUMMARY_LENGTH_MAX = 1_024;

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
    ...(url === "" ? {} : { client: "ArgoCD", client_url: url }),
    payload: {
      summary: cut(textIn(content, "summary") || message, SUMMARY_LENGTH_MAX),
      severity: textIn(content, "severity") || "info",
      source: textIn(content, "source") || `${about.namespace}/${about.name}`,
      ...Object.fromEntries(optional),
    },
  };
  const request = jsonRequest(joined(textIn(config, "apiURL") || API, "v2/enqueue"), event);
  return await deliver(request, config, ports);
}
