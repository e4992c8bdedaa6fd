/** Functions that give something else each time; chance is handed in. */
import { TemplateFault } from "../template_fault.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import type { CallContext, Value } from "../values.ts";
import { bytesToBase64 } from "./encodings.ts";

const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** What can be typed: from the blank to the tilde. */
const TYPED = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");

function below(limit: number, { ports }: CallContext): number {
  return Math.min(limit - 1, Math.floor(ports.random() * limit));
}

function drawing(name: string, characters: string): TemplateFunction {
  return define(name, "int", ([count], context) => {
    const length = (count as bigint) < 0n ? 0 : lengthOf(count, context);
    return Array.from({ length }, () => characters[below(characters.length, context)]).join("");
  });
}

function lengthOf(count: Value | undefined, { budget }: CallContext): number {
  const length = Number(count);
  if (length < 0) throw new TemplateFault("the count is negative");
  budget.make(length);
  return length;
}

function bytes(length: number, context: CallContext): Uint8Array {
  return Uint8Array.from({ length }, () => below(256, context));
}

/** A UUID of chance. */
function uuid(context: CallContext): string {
  const all = bytes(lengthOf(16n, context), context);
  all[6] = (all[6] ?? 0) & 0x0f | 0x40;
  all[8] = (all[8] ?? 0) & 0x3f | 0x80;
  return all.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function shuffled(text: string, context: CallContext): string {
  const all = [...text];
  for (let at = all.length - 1; at > 0; at--) {
    const other = below(at + 1, context);
    [all[at], all[other]] = [all[other] ?? "", all[at] ?? ""];
  }
  return all.join("");
}

export const RANDOM_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  drawing("randAlphaNum", LETTERS + DIGITS),
  drawing("randAlpha", LETTERS),
  drawing("randNumeric", DIGITS),
  drawing("randAscii", TYPED),
  define(
    "randBytes",
    "int",
    ([count], context) => bytesToBase64(bytes(lengthOf(count, context), context)),
  ),
  define("randInt", "int int", ([least, limit], context) => {
    const span = Number(limit) - Number(least);
    if (span <= 0) throw new TemplateFault("there is no number between");
    return (least as bigint) + BigInt(below(span, context));
  }),
  define("uuidv4", "", (_, context) => uuid(context)),
  define("shuffle", "string", ([text], context) => {
    context.budget.make((text as string).length);
    return shuffled(text as string, context);
  }),
]);
