/** Functions for numbers. */
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { int64, List, type Value } from "../values.ts";
import { addDecimals, divideDecimals, multiplyDecimals, subtractDecimals } from "./decimals.ts";
import { toFloat, toText, toWhole } from "./conversions.ts";

type Step<Number> = (left: Number, right: Number) => Number;

/** A function over whole numbers, from the left to the right. */
function ofWholes(name: string, parameters: string, step: Step<bigint>): TemplateFunction {
  return define(name, parameters, ([first = null, ...others]) =>
    int64(others.reduce<bigint>(
      (sum, each) => BigInt.asIntN(64, step(sum, toWhole(each))),
      toWhole(first),
    )));
}

function ofFloats(name: string, parameters: string, step: Step<number>): TemplateFunction {
  return define(
    name,
    parameters,
    ([first = null, ...others]) =>
      others.reduce<number>((sum, each) => step(sum, toFloat(each)), toFloat(first)),
  );
}

/** @throws {TemplateFault} for a division by zero */
function checked(step: Step<bigint>): Step<bigint> {
  return (left, right) => {
    if (right === 0n) throw new TemplateFault("division by zero");
    return step(left, right);
  };
}

const WHOLES: readonly TemplateFunction[] = [
  ofWholes("add", "...any", (left, right) => left + right),
  ofWholes("sub", "any any", (left, right) => left - right),
  ofWholes("mul", "any ...any", (left, right) => left * right),
  ofWholes("div", "any any", checked((left, right) => left / right)),
  ofWholes("mod", "any any", checked((left, right) => left % right)),
  ofWholes("max", "any ...any", (left, right) => right > left ? right : left),
  ofWholes("biggest", "any ...any", (left, right) => right > left ? right : left),
  ofWholes("min", "any ...any", (left, right) => right < left ? right : left),
  define("add1", "any", ([value = null]) => int64(toWhole(value) + 1n)),
];

/** A function over floats as decimals. */
function ofDecimals(
  name: string,
  parameters: string,
  compute: (values: readonly number[]) => number,
): TemplateFunction {
  return define(name, parameters, (args, { budget }) => {
    // Each operation on decimals is as long as all before it.
    budget.step(10 * args.length + args.length ** 2 / 4);
    return compute(args.map(toFloat));
  });
}

const FLOATS: readonly TemplateFunction[] = [
  ofDecimals("addf", "...any", (values) => addDecimals([0, ...values])),
  ofDecimals("add1f", "any", (values) => addDecimals([...values, 1])),
  ofDecimals("subf", "any ...any", subtractDecimals),
  ofDecimals("mulf", "any ...any", multiplyDecimals),
  ofDecimals("divf", "any ...any", divideDecimals),
  ofFloats("maxf", "any ...any", Math.max),
  ofFloats("minf", "any ...any", Math.min),
  define("floor", "any", ([value = null]) => Math.floor(toFloat(value))),
  define("ceil", "any", ([value = null]) => Math.ceil(toFloat(value))),
  define(
    "round",
    "any int ...float64",
    ([value = null, places, limit]) =>
      rounded(toFloat(value), Number(places), limit === undefined ? 0.5 : Number(limit)),
  ),
];

/** Up from a limit of the fraction on; that of a negative number is below any limit. */
function rounded(value: number, places: number, limit: number): number {
  const power = 10 ** places;
  const scaled = power * value;
  const fraction = scaled - Math.trunc(scaled);
  return (fraction >= limit ? Math.ceil(scaled) : Math.floor(scaled)) / power;
}

const CONVERSIONS: readonly TemplateFunction[] = [
  define("int", "any", ([value = null]) => toWhole(value)),
  define("int64", "any", ([value = null]) => int64(toWhole(value))),
  define("float64", "any", ([value = null]) => toFloat(value)),
  define("atoi", "string", ([text]) => wholeOfDigits(text as string)),
  define("toDecimal", "any", ([value = null], { budget }) => {
    const text = toText(value, budget);
    return int64(/^[+-]?[0-7]+$/.test(text) ? clamped(octal(text)) : 0n);
  }),
];

function octal(text: string): bigint {
  const digits = text.replace(/^[+-]?0*/, "").slice(0, DIGITS_MAX);
  const size = BigInt(`0o${digits === "" ? "0" : digits}`);
  return text.startsWith("-") ? -size : size;
}

function wholeOfDigits(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) return 0n;
  const digits = text.replace(/^[+-]?0*/, "").slice(0, DIGITS_MAX);
  const size = BigInt(digits === "" ? "0" : digits);
  return clamped(text.startsWith("-") ? -size : size);
}

/** More digits than 64 bits have in any base from 8 on. */
const DIGITS_MAX = 30;

function clamped(value: bigint): bigint {
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  return value < least ? least : value > most ? most : value;
}

/** Whole numbers from one up to another, which is left out; or down. */
function steps(start: bigint, stop: bigint, step: bigint, make: (count: number) => void): bigint[] {
  const isDown = stop < start;
  if (isDown ? step >= 0n : step <= 0n) return [];
  const span = isDown ? start - stop : stop - start;
  const size = isDown ? -step : step;
  const count = Number((span + size - 1n) / size);
  make(count);
  return Array.from({ length: count }, (_, index) => start + BigInt(index) * step);
}

/** `seq 1 3`: both ends belong to it; blanks between. */
function sequence(numbers: readonly bigint[], make: (count: number) => void): string {
  const [first = 0n, second = 0n, third = 0n] = numbers;
  const toward = (from: bigint, to: bigint) => to < from ? -1n : 1n;
  const range = (start: bigint, stop: bigint, step: bigint) =>
    steps(start, stop + (step < 0n ? -1n : 1n), step, make).join(" ");
  switch (numbers.length) {
    case 1:
      return range(1n, first, toward(1n, first));
    case 2:
      return range(first, second, toward(first, second));
    case 3:
      if (third < first && second > 0n) return "";
      return range(first, third, second);
    default:
      return "";
  }
}

const SEQUENCES: readonly TemplateFunction[] = [
  define(
    "until",
    "int",
    ([stop], { budget }) =>
      intList(
        steps(0n, stop as bigint, (stop as bigint) < 0n ? -1n : 1n, (count) => budget.make(count)),
      ),
  ),
  define(
    "untilStep",
    "int int int",
    ([start, stop, step], { budget }) =>
      intList(
        steps(
          start as bigint,
          stop as bigint,
          step as bigint,
          (count) => budget.make(count),
        ),
      ),
  ),
  define(
    "seq",
    "...int",
    (args, { budget }) => sequence(args as bigint[], (count) => budget.make(2 * count)),
  ),
];

function intList(items: readonly Value[]): List {
  return new List(items, "[]int");
}

export const NUMBER_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...WHOLES,
  ...FLOATS,
  ...CONVERSIONS,
  ...SEQUENCES,
]);
