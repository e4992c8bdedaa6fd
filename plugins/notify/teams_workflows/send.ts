import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  deliver,
  fieldIn,
  isTrue,
  jsonIn,
  jsonRequest,
  keyFor,
  textIn,
  unlessBad,
} from "../http.ts";

const CARD = "application/vnd.microsoft.card.adaptive";

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  return await unlessBad(async () => {
    const { config, recipient } = call;
    const url = keyFor(config, "recipientUrls", recipient);
    if (typeof url !== "string") return url;
    ports.conceal(url);
    return await deliver(jsonRequest(url, messageOf(call)), config, ports);
  });
}

function messageOf(call: NotifyCall): unknown {
  const own = jsonIn(call.content, "adaptiveCard");
  const template = jsonIn(call.content, "template");
  if (own === undefined && template !== undefined) return template;
  const content = own ?? cardOf(call);
  // Flows that somebody wrote may ask for the card alone.
  if (isTrue(fieldIn(call.config, "rawCardPayload"))) return content;
  return { type: "message", attachments: [{ contentType: CARD, contentUrl: null, content }] };
}

function cardOf({ message, content }: NotifyCall): Fields {
  const [title, color] = ["title", "themeColor"].map((name) => textIn(content, name));
  const facts = listOf(jsonIn(content, "facts")).map((fact) => {
    const { name, title: named, value } = fieldsOf(fact);
    return { title: textOf(name) || textOf(named), value: textOf(value) };
  });
  const actions = listOf(jsonIn(content, "potentialAction")).flatMap(actionOf);
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      ...(title ? [titleOf(title, color)] : []),
      { type: "TextBlock", text: textIn(content, "text") || message, wrap: true },
      ...listOf(jsonIn(content, "sections")).flatMap(sectionOf),
      ...(facts.length === 0 ? [] : [{ type: "FactSet", facts }]),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  };
}

function titleOf(text: string, color: string | undefined): Fields {
  const title = { type: "TextBlock", text, weight: "Bolder", size: "Large", wrap: true };
  return color ? { ...title, color } : title;
}

/** A section of a former card as elements of this kind of card. */
function sectionOf(section: unknown): Fields[] {
  const { activityTitle, text, facts } = fieldsOf(section);
  const pairs = listOf(facts).map(fieldsOf)
    .map(({ name, value }) => ({ title: textOf(name), value: textOf(value) }));
  return [
    ...[textOf(activityTitle), textOf(text)].filter((each) => each !== "")
      .map((each) => ({ type: "TextBlock", text: each, wrap: true })),
    ...(pairs.length === 0 ? [] : [{ type: "FactSet", facts: pairs }]),
  ];
}

/** Links alone: workflows know nothing else. */
function actionOf(action: unknown): Fields[] {
  const { "@type": type = "OpenUri", name, targets } = fieldsOf(action);
  if (type !== "OpenUri") return [];
  const [uri] = listOf(targets).map((target) => textOf(fieldsOf(target)["uri"]));
  return uri ? [{ type: "Action.OpenUrl", title: textOf(name), url: uri }] : [];
}
