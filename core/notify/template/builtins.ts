/** The functions of text/template itself: comparisons, lengths, printing, escaping. */
import { GoTime } from "../../analysis/condition/go_time.ts";
import { argumentOf } from "./arguments.ts";
import type { RenderingBudget } from "./budget.ts";
import { escapeHtml, escapeJavaScript, escapeQuery } from "./escapes.ts";
import { byteLength, compareTexts, encodeUtf8 } from "./go_text.ts";
import { sprint, sprintln } from "./printer.ts";
import { sprintf } from "./printf.ts";
import { type ParameterType, signatureOf } from "./signature.ts";
import { TemplateFault } from "./template_fault.ts";
import { define, type TemplateFunction } from "./template_function.ts";
import {
  type CallContext,
  Dict,
  GoFunction,
  int64,
  isTrue,
  List,
  Sized,
  typeOf,
  type Value,
  wholeOf,
} from "./values.ts";

/** Kinds that comparisons know. */
type Basic = "bool" | "float" | "whole" | "string" | "none";

function basicOf(value: Value): Basic {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "float";
  if (typeof value === "string") return "string";
  return value !== null && wholeOf(value) !== undefined ? "whole" : "none";
}

/** Types that cannot be compared: they must not be taken for different. */
function incomparable(): TemplateFault {
  return new TemplateFault("values of these types cannot be compared");
}

/** @throws {TemplateFault} for values of types that cannot be compared */
function isEqual(left: Value, right: Value): boolean {
  const [a, b] = [basicOf(left), basicOf(right)];
  if (a !== b) {
    if (left === null || right === null) return false;
    throw incomparable();
  }
  if (a === "whole") return wholeOf(left) === wholeOf(right);
  if (a !== "none") return left === right;
  if (left === null || right === null) return left === right || isNil(left) && isNil(right);
  const isPlain = !(right instanceof List || right instanceof Dict || right instanceof GoFunction);
  if (!isPlain || typeOf(left) !== typeOf(right) && !(left instanceof GoTime)) {
    if (isNil(left) || isNil(right)) return isNil(left) === isNil(right);
    if (!isPlain) throw incomparable();
    return false;
  }
  return left instanceof GoTime && right instanceof GoTime
    ? left.ns === right.ns && left.location === right.location
    : left === right;
}

function isNil(value: Value): boolean {
  return value === null || (value instanceof List || value instanceof Dict) && value.isNil;
}

function equalsAny([first = null, ...others]: readonly Value[]): boolean {
  if (others.length === 0) throw new TemplateFault("eq needs something to compare with");
  return others.some((other) => isEqual(first, other));
}

/** @throws {TemplateFault} for what has no order */
function isLess(left: Value, right: Value): boolean {
  const kind = basicOf(left);
  if (kind !== basicOf(right) || kind === "none" || kind === "bool") throw incomparable();
  if (kind === "whole") return (wholeOf(left) ?? 0n) < (wholeOf(right) ?? 0n);
  if (kind === "float") return (left as number) < (right as number);
  return compareTexts(left as string, right as string) < 0;
}

const COMPARISONS: readonly TemplateFunction[] = [
  define("eq", "reflect ...reflect", equalsAny),
  define("ne", "reflect reflect", ([left = null, right = null]) => !isEqual(left, right)),
  define("lt", "reflect reflect", ([left = null, right = null]) => isLess(left, right)),
  define("le", "reflect reflect", ([left = null, right = null]) => isAtMost(left, right)),
  define("gt", "reflect reflect", ([left = null, right = null]) => !isAtMost(left, right)),
  define("ge", "reflect reflect", ([left = null, right = null]) => !isLess(left, right)),
];

function isAtMost(left: Value, right: Value): boolean {
  return isLess(left, right) || isEqual(left, right);
}

function lengthOf(value: Value): bigint {
  if (typeof value === "string") return BigInt(byteLength(value));
  if (value instanceof List) return BigInt(value.items.length);
  if (value instanceof Dict) return BigInt(value.entries.size);
  throw new TemplateFault(`${value === null ? "nil" : `a ${typeOf(value)}`} has no length`);
}

/** What stands at a place, in a place of that, and so on. */
function elementOf([container = null, ...indices]: readonly Value[]): Value {
  if (container === null) throw new TemplateFault("nil has no elements");
  let found: Value = container;
  for (const index of indices) found = elementAt(found, index);
  return found;
}

function elementAt(container: Value, index: Value): Value {
  if (container instanceof Dict) {
    if (typeof index !== "string") {
      throw new TemplateFault("an element of a map is named by a string");
    }
    const missing = container.type === "map[string]string" ? "" : null;
    return container.entries.get(index) ?? missing;
  }
  if (container instanceof List) {
    return container.items[indexIn(container.items.length, index)] ?? null;
  }
  if (typeof container === "string") {
    const bytes = encodeUtf8(container);
    return new Sized("uint8", BigInt(bytes[indexIn(bytes.length, index)] ?? 0));
  }
  const what = container === null ? "nil" : `a ${typeOf(container)}`;
  throw new TemplateFault(`${what} has no elements`);
}

function indexIn(length: number, index: Value): number {
  const whole = index === null ? undefined : wholeOf(index);
  if (whole === undefined) throw new TemplateFault("an element of a list is named by a number");
  if (whole < 0n || whole >= BigInt(length)) {
    throw new TemplateFault(`index ${whole} is out of range, the length is ${length}`);
  }
  return Number(whole);
}

/** Calls a function that data bring. */
function callFunction([callee = null, ...values]: readonly Value[], context: CallContext): Value {
  if (!(callee instanceof GoFunction)) {
    throw new TemplateFault(
      `call needs a function, not ${callee === null ? "nil" : `a ${typeOf(callee)}`}`,
    );
  }
  const { fixed, rest } = signatureOf(callee.signature);
  if (values.length < fixed.length || rest === undefined && values.length > fixed.length) {
    throw new TemplateFault(
      `${callee.name} takes ${fixed.length} arguments, ${values.length} are given`,
    );
  }
  const args = values.map((value, index) => preparedFor(value, fixed[index] ?? rest ?? "any"));
  return callee.call(args, context);
}

/** Whole numbers of another type are converted here, and only here. */
function preparedFor(value: Value, type: ParameterType): Value {
  const whole = value === null ? undefined : wholeOf(value);
  if (whole !== undefined && type === "int") return whole;
  if (whole !== undefined && type === "int64") return int64(whole);
  return argumentOf(value ?? undefined, type);
}

function escaping(name: string, escape: (text: string) => string): TemplateFunction {
  return define(name, "...any", (args, { budget }) => {
    const text = plainText(args, budget);
    budget.make(text.length);
    return escape(text);
  });
}

/** What is to be escaped, as text; what is not there is called so. */
function plainText(args: readonly Value[], budget: RenderingBudget): string {
  const [only] = args;
  if (args.length === 1 && typeof only === "string") return only;
  return sprint(args.map((value) => value === null ? "<no value>" : value), budget);
}

const OTHERS: readonly TemplateFunction[] = [
  define("and", "reflect ...reflect", (args) => args.find((arg) => !isTrue(arg)) ?? last(args)),
  define("or", "reflect ...reflect", (args) => args.find(isTrue) ?? last(args)),
  define("not", "reflect", ([value]) => !isTrue(value)),
  define("len", "reflect", ([value = null]) => lengthOf(value)),
  define("index", "reflect ...reflect", elementOf),
  define("call", "reflect ...reflect", callFunction),
  define("print", "...any", (args, { budget }) => sprint(args, budget)),
  define("println", "...any", (args, { budget }) => sprintln(args, budget)),
  define(
    "printf",
    "string ...any",
    ([format, ...args], { budget }) => sprintf(format as string, args, budget),
  ),
  escaping("html", escapeHtml),
  escaping("js", escapeJavaScript),
  escaping("urlquery", escapeQuery),
];

function last(values: readonly Value[]): Value {
  return values.at(-1) ?? null;
}

export const BUILTINS: readonly TemplateFunction[] = Object.freeze([...COMPARISONS, ...OTHERS]);
