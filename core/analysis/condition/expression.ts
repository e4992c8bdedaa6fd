/** Expressions over whatever variables their user brings, as the conditions of triggers are. */
import type { ConditionPorts } from "./condition.ts";
import { checked, newPorts, nsOf, parsedOf } from "./condition.ts";
import { evaluate } from "./evaluator.ts";
import { parseTime } from "./go_layout.ts";
import { GoTime } from "./go_time.ts";
import { STRING, TIME, type Type, UNKNOWN } from "./static_types.ts";
import { HostFunction, List, textOf, type Value } from "./values.ts";

/** A variable: any JSON value, or `time` with its functions `Now` and `Parse`. */
export type Variable = "json" | "time";

/** An expression that was parsed and checked. */
export interface Expression {
  readonly source: string;
  /**
   * Gives its value for these variables, true or false where it is a condition.
   * @throws {ConditionError} when the evaluation fails
   */
  evaluate(values: Readonly<Record<string, unknown>>, ports: ConditionPorts): unknown;
  /** The value as text, as Go writes it. @throws {ConditionError} */
  text(values: Readonly<Record<string, unknown>>, ports: ConditionPorts): string;
}

const TIME_FUNCTIONS: Type = Object.freeze<Type>({
  kind: "map",
  element: UNKNOWN,
  fields: new Map<string, Type>([
    ["Now", { kind: "function", name: "Now", parameters: [], result: TIME }],
    ["Parse", { kind: "function", name: "Parse", parameters: [STRING], result: TIME }],
  ]),
});

/**
 * Parses an expression over these variables.
 * @throws {ConditionError} when it is none, or names a variable that there is not
 */
export function parseExpression(
  source: string,
  variables: Readonly<Record<string, Variable>>,
): Expression {
  const parsed = parsedOf(source);
  const types = Object.entries(variables).map(([name, kind]): [string, Type] => [
    name,
    kind === "time" ? TIME_FUNCTIONS : UNKNOWN,
  ]);
  checked(parsed, new Map(types), newPorts().patterns);
  const valueOf = (
    values: Readonly<Record<string, unknown>>,
    { nowMs, budget }: ConditionPorts,
  ) => {
    const nowNs = nsOf(nowMs);
    const names = Object.entries(variables).map(([name, kind]): [string, Value] => [
      name,
      kind === "time" ? timeFunctions(nowNs) : exactValue(values[name]),
    ]);
    return evaluate(parsed.node, { names: new Map(names), nowNs }, {
      ...newPorts(budget),
      source: parsed.chars,
    });
  };
  return {
    source,
    evaluate: (values, ports) => valueOf(values, ports),
    text: (values, ports) => textOf(valueOf(values, ports)),
  };
}

function timeFunctions(nowNs: () => bigint): Value {
  return new Map<Value, Value>([
    ["Now", new HostFunction("Now", () => new GoTime(nowNs()))],
    ["Parse", new HostFunction("Parse", ([text]) => parseTime(textOf(text ?? null), RFC3339))],
  ]);
}

const RFC3339 = "2006-01-02T15:04:05Z07:00";

/** A JSON value of an object of the cluster: whole numbers are ints there. */
function exactValue(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (typeof json === "string" || typeof json === "boolean") return json;
  if (Array.isArray(json)) return new List(json.map(exactValue));
  return new Map(Object.entries(json).map(([key, value]) => [key, exactValue(value)]));
}
