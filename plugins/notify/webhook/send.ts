import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { basicAuth, deliver, fieldIn, joined, textIn } from "../http.ts";

export async function send(
  { id, service, config, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const own = fieldsOf(content[service]);
  const method = (textOf(fieldIn(own, "method")) || "GET").toUpperCase();
  const body = textOf(fieldIn(own, "body")) || message;
  const headers: Record<string, string> = { "idempotency-key": id };
  const { username, password } = fieldsOf(fieldIn(config, "basicAuth"));
  if (username !== undefined || password !== undefined) {
    const login = { username: textOf(username), password: textOf(password) };
    headers["authorization"] = basicAuth(login, ports);
  }
  for (const header of listOf(fieldIn(config, "headers")).map(fieldsOf)) {
    headers[textOf(header["name"]).toLowerCase()] = textOf(header["value"]);
  }
  delete headers[""];
  const url = joined(textIn(config, "url"), textOf(fieldIn(own, "path")));
  // No client of this runtime sends a body with these.
  const sent = /^(GET|HEAD)$/.test(method) ? {} : { body };
  return await deliver({ method, url, headers, ...sent }, config, ports);
}
