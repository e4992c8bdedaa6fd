import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonRequest, textIn } from "../http.ts";

const API = "https://webexapis.com";

/** An e-mail address is a person, all else a room. */
export async function send(
  { config, recipient, message }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const to = recipient.includes("@") ? { toPersonEmail: recipient } : { roomId: recipient };
  const url = joined(textIn(config, "apiURL") || API, "v1/messages");
  const headers = { authorization: `Bearer ${textIn(config, "token")}` };
  return await deliver(jsonRequest(url, { ...to, markdown: message }, headers), config, ports);
}
