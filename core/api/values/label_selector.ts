import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { qualifiedNameProblem } from "./name_rules.ts";

/** A text that is no label selector. */
export class SelectorError extends Error {
  override readonly name = "SelectorError";
}

/** The labels of an object, or the fields that its kind can be selected by. */
export type Labels = Readonly<Record<string, string>>;

/** One condition of a selector. */
interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/** Conditions that must all hold. */
export type LabelSelector = readonly Requirement[];

const TOKEN = /\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)/y;
const SET_OPERATORS = ["in", "notin"];

/** True when the labels fulfil the selector. */
export function matchesLabels(selector: LabelSelector, labels: Labels | undefined): boolean {
  for (const requirement of selector) {
    if (!fulfils(requirement, labels?.[requirement.key])) return false;
  }
  return true;
}

function fulfils({ operator, values }: Requirement, value: string | undefined): boolean {
  if (operator === "Exists") return value !== undefined;
  if (operator === "DoesNotExist") return value === undefined;
  if (operator === "NotIn") return value === undefined || !values.includes(value);
  if (value === undefined) return false;
  if (operator === "In") return values.includes(value);
  const [bound, found] = [Number(values[0]), Number(value)];
  return operator === "Gt" ? found > bound : found < bound;
}

/** The `selector` of a ReplicaSet (matchLabels, matchExpressions). */
export function labelSelectorOf(selector: unknown): LabelSelector {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const requirements: Requirement[] = mapSelectorOf(matchLabels).slice();
  for (const item of listOf(matchExpressions)) {
    const { key, operator, values } = fieldsOf(item);
    requirements.push({
      key: String(key),
      operator: operator as Requirement["operator"],
      values: listOf(values).map(String),
    });
  }
  return requirements;
}

/** The `selector` of a Service: a map of labels. */
export function mapSelectorOf(selector: unknown): Requirement[] {
  return Object.entries(fieldsOf(selector)).map(([key, value]) => ({
    key,
    operator: "In",
    values: [String(value)],
  }));
}

/** Writes a selector in the API's own syntax, as the scale subresource reports it. */
export function selectorText(selector: LabelSelector): string {
  const sorted = [...selector].sort((one, other) => one.key < other.key ? -1 : 1);
  return sorted.map(({ key, operator, values }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    if (operator === "In" && values.length === 1) return `${key}=${values[0]}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${[...values].sort().join(",")})`;
  }).join(",");
}

/**
 * Reads a label selector in the API's own syntax: `a=b,c in (d,e),!f`.
 * @throws {SelectorError}
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements: Requirement[] = [];
  const tokens = tokensOf(text);
  while (tokens.length > 0) {
    requirements.push(parseRequirement(tokens));
    const separator = tokens.shift();
    if (separator === undefined) break;
    if (separator !== ",") {
      throw new SelectorError(`found '${separator}', expected: ',' or 'end of string'`);
    }
    if (tokens.length === 0 || tokens[0] === ",") {
      throw new SelectorError(`found '${tokens[0] ?? ""}', expected: identifier after ','`);
    }
  }
  return requirements;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] as string);
  }
  return tokens;
}

function unparsable(why: string): SelectorError {
  return new SelectorError(`unable to parse requirement: ${why}`);
}

function parseRequirement(tokens: string[]): Requirement {
  const isNegated = tokens[0] === "!";
  if (isNegated) tokens.shift();
  const key = tokens.shift() ?? "";
  if (key === "" || /^[=!<>(),]+$/.test(key)) {
    throw new SelectorError(`found '${key}', expected: !, identifier, or 'end of string'`);
  }
  const problem = qualifiedNameProblem(key);
  if (problem !== undefined) {
    throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${problem}`);
  }
  if (isNegated) return { key, operator: "DoesNotExist", values: [] };
  const next = tokens[0];
  if (next === undefined || next === ",") return { key, operator: "Exists", values: [] };
  tokens.shift();
  if (SET_OPERATORS.includes(next)) {
    return { key, operator: next === "in" ? "In" : "NotIn", values: parseValues(tokens) };
  }
  const value = takeValue(tokens);
  if (next === "=" || next === "==") return { key, operator: "In", values: [value] };
  if (next === "!=") return { key, operator: "NotIn", values: [value] };
  if (next === ">" || next === "<") {
    if (!/^[+-]?\d+$/.test(value)) {
      const why = "for 'Gt', 'Lt' operators, the value must be an integer";
      throw unparsable(`values[0]: Invalid value: ${JSON.stringify(value)}: ${why}`);
    }
    return { key, operator: next === ">" ? "Gt" : "Lt", values: [value] };
  }
  throw unparsable(`found '${next}', expected: in, notin, =, ==, !=, gt, lt`);
}

/** A value may be empty: `a=` and `a=,b` ask for the empty string. */
function takeValue(tokens: string[]): string {
  const next = tokens[0];
  if (next === undefined || next === ",") return "";
  if (/^[=!<>(),]+$/.test(next)) throw unparsable(`found '${next}', expected: identifier`);
  tokens.shift();
  return next;
}

function parseValues(tokens: string[]): string[] {
  const values: string[] = [];
  const opening = tokens.shift() ?? "";
  if (opening !== "(") throw unparsable(`found '${opening}' expected: '('`);
  for (;;) {
    // An empty place between commas stands for the empty text.
    const isValue = tokens[0] !== "," && tokens[0] !== ")";
    const value = isValue ? tokens.shift() : "";
    if (value !== undefined) values.push(value);
    const token = tokens.shift();
    if (token === ")") return values;
    if (token !== ",") throw unparsable(`found '${token ?? ""}', expected: ',' or ')'`);
  }
}
