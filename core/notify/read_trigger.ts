/** `trigger.<name>` of a ConfigMap: a list of conditions, and what is sent when one is met. */
import { fieldsOf, isFields, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import {
  ConditionError,
  type Expression,
  parseExpression,
  type Variable,
} from "../analysis/condition/mod.ts";
import { type Broken, isBroken, type TriggerCondition } from "./config.ts";
import { urlDigest } from "./digest.ts";
import { isText, type KeyReader } from "./key_reader.ts";

/** What conditions may look at. */
export const CONDITION_VARIABLES: Readonly<Record<string, Variable>> = Object.freeze({
  rollout: "json",
  analysisRuns: "json",
  secrets: "json",
  time: "time",
});

export function readTrigger(reader: KeyReader): readonly TriggerCondition[] | Broken {
  const read = reader.read();
  if (isBroken(read)) return read;
  if (isUnset(read.value)) return [];
  if (!Array.isArray(read.value)) {
    return { error: reader.tell("must be a list of conditions: {when, send, oncePer}") };
  }
  const conditions: TriggerCondition[] = [];
  let error: string | undefined;
  for (const [index, item] of read.value.entries()) {
    const condition = readCondition(reader, item, index);
    if (isBroken(condition)) error ??= condition.error;
    else conditions.push(condition);
  }
  return conditions.length === 0 && error !== undefined ? { error } : conditions;
}

function readCondition(
  reader: KeyReader,
  item: unknown,
  index: number,
): TriggerCondition | Broken {
  if (!isFields(item)) {
    return { error: reader.tell("must be a condition: {when, send, oncePer}", [index]) };
  }
  const { send } = fieldsOf(item);
  if (!isUnset(send) && !(Array.isArray(send) && send.every(isText))) {
    return { error: reader.tell("must be a list of names of templates", [index, "send"]) };
  }
  const whenText = textOf(item["when"]);
  const when = expressionOf(reader, whenText, [index, "when"]);
  if (when !== undefined && "error" in when) return when;
  const oncePer = expressionOf(reader, textOf(item["oncePer"]), [index, "oncePer"]);
  if (oncePer !== undefined && "error" in oncePer) return oncePer;
  return {
    key: conditionKey(index, whenText),
    when,
    whenText,
    oncePer,
    send: listOf(send).filter(isText),
  };
}

/** How the state of delivery knows a condition. */
export function conditionKey(index: number, when: string): string {
  return `[${index}].${urlDigest(when)}`;
}

function expressionOf(
  reader: KeyReader,
  text: string,
  path: readonly (string | number)[],
): Expression | Broken | undefined {
  if (text.trim() === "") return undefined;
  try {
    return parseExpression(text, CONDITION_VARIABLES);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    const { reason, line, column } = error;
    return { error: reader.tellWithin(reason, path, { text, line, column }) };
  }
}
