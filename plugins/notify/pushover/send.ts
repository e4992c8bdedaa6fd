import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { cut, deliver, joined, textIn } from "../http.ts";

const API = "https://api.pushover.net";
const MESSAGE_LENGTH_MAX = 1_024;

export async function send(
  { config, recipient, message }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const form = {
    token: textIn(config, "token"),
    user: recipient,
    message: cut(message, MESSAGE_LENGTH_MAX),
  };
  const request = {
    method: "POST",
    url: joined(textIn(config, "apiURL") || API, "1/messages.json"),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  };
  return await deliver(request, config, ports);
}
