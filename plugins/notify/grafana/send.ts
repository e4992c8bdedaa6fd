import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonRequest, textIn } from "../http.ts";

/** The recipient is the tags, with `|` between them. */
export async function send(
  { config, recipient, message }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const annotation = {
    time: ports.now(),
    isRegion: false,
    tags: recipient.split("|").filter((tag) => tag !== ""),
    text: message,
  };
  const url = joined(textIn(config, "apiUrl"), "annotations");
  const headers = { authorization: `Bearer ${textIn(config, "apiKey")}` };
  return await deliver(jsonRequest(url, annotation, headers), config, ports);
}
