import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";

/** A condition in the status of an object. */
export function conditionOf(object: KubeObject, type: string): Fields | undefined {
  for (const item of listOf(fieldsOf(object["status"])["conditions"])) {
    const condition = fieldsOf(item);
    if (condition["type"] === type) return condition;
  }
  return undefined;
}

/** True when the condition is True. */
export function isTrue(object: KubeObject, type: string): boolean {
  return conditionOf(object, type)?.["status"] === "True";
}

/** The conditions with some of them set anew; times change only where a status does. */
export function withConditions(
  object: KubeObject,
  changes: readonly Fields[],
  now: string,
): Fields[] {
  const conditions = listOf(fieldsOf(object["status"])["conditions"]).map(fieldsOf);
  const result = [...conditions];
  for (const change of changes) {
    const index = result.findIndex((condition) => condition["type"] === change["type"]);
    const old = result[index];
    const isKept = old !== undefined && old["status"] === change["status"];
    const lastTransitionTime = isKept ? old["lastTransitionTime"] : now;
    const condition = { lastProbeTime: null, ...change, lastTransitionTime };
    if (index < 0) result.push(condition);
    else result[index] = condition;
  }
  return result;
}
