/** Functions for what may be empty, and for types. */
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { kindOf, typeOf, type Value } from "../values.ts";
import { isEmpty, isSame } from "./conversions.ts";

const DEFAULTS: readonly TemplateFunction[] = [
  define(
    "default",
    "any ...any",
    ([fallback = null, value = null]) => isEmpty(value) ? fallback : value,
  ),
  define("empty", "any", ([value = null]) => isEmpty(value)),
  define("coalesce", "...any", (args) => args.find((arg) => !isEmpty(arg)) ?? null),
  define("all", "...any", (args) => !args.some(isEmpty)),
  define("any", "...any", (args) => args.some((arg) => !isEmpty(arg))),
  define("ternary", "any any bool", ([yes = null, no = null, is]) => is === true ? yes : no),
  define("fail", "string", ([message]) => {
    throw new TemplateFault(message as string);
  }),
];

function isLike(name: Value | undefined, value: Value): boolean {
  const type = typeOf(value);
  return name === type || `*${name}` === type;
}

const TYPES: readonly TemplateFunction[] = [
  define("typeOf", "any", ([value = null]) => typeOf(value)),
  define("typeIs", "string any", ([name, value = null]) => name === typeOf(value)),
  define("typeIsLike", "string any", ([name, value = null]) => isLike(name, value)),
  define("kindOf", "any", ([value = null]) => kindOf(value)),
  define("kindIs", "string any", ([name, value = null]) => name === kindOf(value)),
  define(
    "deepEqual",
    "any any",
    ([left = null, right = null], { budget }) => isSame(left, right, budget),
  ),
];

export const DEFAULT_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...DEFAULTS,
  ...TYPES,
]);
