/** `subscriptions` of a ConfigMap: who is told of all Rollouts, or of those with some labels. */
import { fieldsOf, isFields, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import { matchesLabels, parseLabelSelector } from "../api/values/label_selector.ts";
import { type Destination, type GlobalSubscription, isBroken } from "./config.ts";
import { isText, type KeyReader } from "./key_reader.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

export function readSubscriptions(reader: KeyReader): GlobalSubscription[] {
  const read = reader.read();
  if (isBroken(read) || isUnset(read.value)) return [];
  if (!Array.isArray(read.value)) {
    reader.tell("must be a list of subscriptions: {recipients, triggers, selector}");
    return [];
  }
  return read.value.flatMap((item: unknown, index) => {
    if (!isFields(item) || !listOf(item["recipients"]).every(isText)) {
      reader.tell("must have a list of recipients, each SERVICE:RECIPIENT", [index]);
      return [];
    }
    const { recipients, triggers } = fieldsOf(item);
    const text = textOf(item["selector"]);
    try {
      const destinations = listOf(recipients).filter(isText).map(destinationOf);
      const selector = text.trim() === "" ? [] : parseLabelSelector(text);
      return [{ destinations, triggers: listOf(triggers).filter(isText), selector }];
    } catch (error) {
      const detail = errorText(error);
      reader.tell(`is no label selector: ${detail}`, [index, "selector"]);
      return [];
    }
  });
}

/** `slack:deployments`: the service, and whom it tells. */
export function destinationOf(text: string): Destination {
  const colon = text.indexOf(":");
  if (colon < 0) return { service: text.trim(), recipient: "" };
  return { service: text.slice(0, colon).trim(), recipient: text.slice(colon + 1).trim() };
}

/** True when the subscription is about an object with these labels. */
export function isAbout(
  { selector }: GlobalSubscription,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return matchesLabels(selector, labels);
}
