/** Whom a Rollout has told about what: its annotations, and the subscriptions of a ConfigMap. */
import type { ObjectMeta } from "../../sdk/api/object.ts";
import { isFields, listOf, textOf } from "../../sdk/wire/json.ts";
import { parseYaml } from "../api/manifest/yaml_tree.ts";
import { matchesLabels } from "../api/values/label_selector.ts";
import type { Destination, NotificationConfig } from "./config.ts";
import { isText } from "./key_reader.ts";
import { SUBSCRIBE_PREFIX, SUBSCRIPTIONS_PREFIX } from "./names.ts";

/** Somebody who is told when a trigger fires. */
export interface Subscriber extends Destination {
  readonly trigger: string;
}

/** What an annotation asks for. */
interface Subscription extends Destination {
  /** Empty: the default triggers. */
  readonly trigger: string;
}

/** All who are told of this object, each once. */
export function subscribersOf(
  { annotations = {}, labels }: ObjectMeta,
  config: NotificationConfig,
): readonly Subscriber[] {
  const asked: Subscription[] = [
    ...annotatedSubscriptions(annotations),
    ...config.subscriptions
      .filter(({ selector }) => matchesLabels(selector, labels))
      .flatMap(({ destinations, triggers }) =>
        (triggers.length === 0 ? [""] : triggers).flatMap((trigger) =>
          destinations.map((destination) => ({ ...destination, trigger }))
        )
      ),
  ];
  const found = new Map<string, Subscriber>();
  for (const { trigger, service, recipient } of asked) {
    const { defaultTriggers, defaultTriggersOf } = config;
    const triggers = trigger === "" ? defaultTriggersOf.get(service) ?? defaultTriggers : [trigger];
    for (const each of triggers) {
      const id = JSON.stringify([each, service, recipient]);
      if (!found.has(id)) found.set(id, { trigger: each, service, recipient });
    }
  }
  return [...found.values()];
}

/** What the annotations of an object ask for, in all their forms. */
export function annotatedSubscriptions(
  annotations: Readonly<Record<string, string>>,
): readonly Subscription[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (key.startsWith(SUBSCRIBE_PREFIX)) {
      const [first = "", second] = key.slice(SUBSCRIBE_PREFIX.length).split(".");
      const [trigger, service] = second === undefined ? ["", first] : [first, second];
      return recipientsIn(value).map((recipient) => ({ trigger, service, recipient }));
    }
    return key.startsWith(SUBSCRIPTIONS_PREFIX) ? listedSubscriptions(value) : [];
  });
}

function recipientsIn(value: string): string[] {
  const recipients = value.split(";").map((each) => each.trim()).filter((each) => each !== "");
  return recipients.length === 0 ? [""] : recipients;
}

/** What is no YAML, or of another form, asks for nothing. */
function listedSubscriptions(text: string): Subscription[] {
  const [tree] = parseYaml(text).trees;
  return listOf(tree?.value).filter(isFields).flatMap(({ trigger, destinations }) => {
    const triggers = listOf(trigger).filter(isText);
    return (triggers.length === 0 ? [""] : triggers).flatMap((each) =>
      listOf(destinations).filter(isFields).flatMap(({ service, recipients }) => {
        const named = listOf(recipients).filter(isText);
        return (named.length === 0 ? [""] : named)
          .map((recipient) => ({ trigger: each, service: textOf(service), recipient }));
      })
    );
  });
}
