import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, isUnset, listOf } from "../../../sdk/wire/json.ts";
import { BadContent, deliver, fieldIn, jsonRequest, keyFor, textIn, unlessBad } from "../http.ts";

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  return await unlessBad(async () => {
    const { config, recipient, content } = call;
    const hook = keyFor(config, "webhooks", recipient);
    if (typeof hook !== "string") return hook;
    ports.conceal(hook);
    const url = URL.parse(hook);
    if (url === null) throw new BadContent(`the webhook of "${recipient}" is no URL`);
    // The parts that prove who sends.
    for (const name of ["key", "token"]) ports.conceal(url.searchParams.get(name) ?? "");
    const thread = textIn(content, "threadKey");
    if (thread !== "") {
      url.searchParams.set("threadKey", thread);
      url.searchParams.set("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
    }
    const request = jsonRequest(url.href, await messageOf(call), {
      "content-type": "application/json; charset=UTF-8",
    });
    return await deliver(request, config, ports);
  });
}

async function messageOf({ message, content }: NotifyCall): Promise<Fields> {
  const [cards, cardsV2] = [await listIn(content, "cards"), await listIn(content, "cardsV2")];
  if (cards === undefined && cardsV2 === undefined) return { text: message };
  return {
    ...(message === "" ? {} : { text: message }),
    ...(cards === undefined ? {} : { cards }),
    ...(cardsV2 === undefined ? {} : { cardsV2: listOf(cardsV2).map(withId) }),
  };
}

/** A card of a template, which may stand by itself, as the message has it. */
function withId(card: unknown, index: number): Fields {
  const fields = fieldsOf(card);
  return "card" in fields ? fields : { cardId: `card-${index + 1}`, card };
}

/** Cards are a text of YAML, or stand in the template as they are. */
async function listIn(content: Fields, name: string): Promise<unknown> {
  const value = fieldIn(content, name);
  if (isUnset(value) || value === "") return undefined;
  if (typeof value !== "string") return value;
  const { parseCards } = await import("./cards.ts");
  try {
    return parseCards(value) ?? undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new BadContent(`"${name}" of the template is no YAML: ${detail}`);
  }
}
