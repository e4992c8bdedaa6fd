import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, listOf } from "../../../sdk/wire/json.ts";
import { jsonIn, jsonRequest, keyFor, send as ask, textIn, unlessBad } from "../http.ts";

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  return await unlessBad(async () => {
    const { config, recipient } = call;
    const url = keyFor(config, "recipientUrls", recipient);
    if (typeof url !== "string") return url;
    ports.conceal(url);
    const response = await ask(jsonRequest(url, cardOf(call)), config, ports);
    if ("is" in response) return response;
    const answer = response.body.trim();
    // Teams says with status 200 that it failed.
    if (answer !== "" && answer !== "1") throw new Error(`Teams answered: ${answer.slice(0, 300)}`);
    return { is: "sent" };
  });
}

function cardOf({ message, content }: NotifyCall): unknown {
  const template = jsonIn(content, "template");
  if (template !== undefined) return template;
  const facts = jsonIn(content, "facts");
  const sections = [
    ...listOf(jsonIn(content, "sections")),
    ...(facts === undefined ? [] : [{ facts }]),
  ];
  const actions = jsonIn(content, "potentialAction");
  const texts = ["title", "summary", "themeColor"]
    .map((name) => [name, textIn(content, name)] as const)
    .filter(([, text]) => text !== "");
  const card: Fields = {
    "@type": "MessageCard",
    "@context": "https://schema.org/extensions",
    ...Object.fromEntries(texts),
    text: textIn(content, "text") || message,
    ...(sections.length === 0 ? {} : { sections }),
    ...(actions === undefined ? {} : { potentialAction: actions }),
  };
  // Teams refuses a card that has neither.
  return card["title"] || card["summary"] ? card : { ...card, summary: message };
}
