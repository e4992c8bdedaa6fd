import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonRequest, textIn } from "../http.ts";

const API = "https://api.newrelic.com";

export async function send(
  { config, recipient, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const optional = ["changelog", "user"]
    .map((name) => [name, textIn(content, name)] as const)
    .filter(([, text]) => text !== "");
  const deployment = {
    revision: textIn(content, "revision"),
    description: textIn(content, "description") || message,
    ...Object.fromEntries(optional),
  };
  const path = `v2/applications/${encodeURIComponent(recipient)}/deployments.json`;
  const url = joined(textIn(config, "apiURL") || API, path);
  const headers = { "x-api-key": textIn(config, "apiKey") };
  return await deliver(jsonRequest(url, { deployment }, headers), config, ports);
}
