/** The list `status.conditions` of any kind. */
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { timestamp } from "./time.ts";

/** One condition, as all kinds have them. */
export interface AnyCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

/** A condition without its times. */
export type Saying<Condition extends AnyCondition> = Pick<
  Condition,
  "type" | "status" | "reason" | "message"
>;

export function findCondition<Condition extends AnyCondition>(
  conditions: readonly Condition[] | undefined,
  type: Condition["type"],
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * Sets a condition: an equal one (status and reason) stays as it is unless `refresh` asks for a new
 * time, another one moves to the end; the time of transition changes only with the status.
 */
export function setCondition<Condition extends AnyCondition>(
  conditions: readonly Condition[],
  saying: Saying<Condition>,
  { nowMs, refresh = false }: { nowMs: number; refresh?: boolean },
): readonly Condition[] {
  const present = findCondition(conditions, saying.type);
  const isSame = present?.status === saying.status && present.reason === saying.reason;
  if (isSame && !refresh) return conditions;
  const now = timestamp(nowMs);
  const lastTransitionTime = present?.status === saying.status ? present.lastTransitionTime : now;
  const others = conditions.filter(({ type }) => type !== saying.type);
  return [...others, { ...saying, lastUpdateTime: now, lastTransitionTime } as Condition];
}

/** What conditions say, by type, without their times and their order. */
export function sayingsOf(conditions: unknown): Fields {
  return Object.fromEntries(
    listOf(conditions).map(fieldsOf).map(({ type, status, reason, message }) => [
      textOf(type),
      { status, reason, message },
    ]),
  );
}
