import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { cut, deliver, fieldIn, joined, jsonRequest, keyFor, textIn, withScheme } from "../http.ts";

const API = "api.opsgenie.com";
const MESSAGE_LENGTH_MAX = 130;
const TEXTS = ["description", "priority", "alias", "note", "entity", "user"] as const;

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { config, recipient } = call;
  const key = keyFor(config, "apiKeys", recipient);
  if (typeof key !== "string") return key;
  const url = joined(withScheme(textIn(config, "apiUrl") || API), "v2/alerts");
  const headers = { authorization: `GenieKey ${key}` };
  return await deliver(jsonRequest(url, alertOf(call), headers), config, ports);
}

function alertOf({ id, recipient, message, content }: NotifyCall): Fields {
  const details = fieldsOf(fieldIn(content, "details"));
  const texts = TEXTS.map((name) => [name, textOf(fieldIn(content, name))]);
  const lists = ["actions", "tags", "visibleTo"].map((
    name,
  ) => [name, listOf(fieldIn(content, name))]);
  return {
    message: cut(message, MESSAGE_LENGTH_MAX),
    // Nothing of it is lost.
    ...(message.length > MESSAGE_LENGTH_MAX ? { description: message } : {}),
    // Opsgenie takes alerts of one alias for one.
    alias: id,
    ...Object.fromEntries(texts.filter(([, text]) => text !== "")),
    ...Object.fromEntries(lists.filter(([, list]) => (list ?? []).length > 0)),
    ...(isUnset(fieldIn(content, "details")) ? {} : { details }),
    responders: [{ name: recipient, type: "team" }],
  };
}
