/** Writes values as Go's fmt does: `print`, `println`, and `printf` with its verbs. */
import { MONTHS } from "../../analysis/condition/go_layout.ts";
import { GoDuration, GoLocation, GoNamed, GoTime } from "../../analysis/condition/go_time.ts";
import type { RenderingBudget } from "./budget.ts";
import { textOfBytes } from "./go_text.ts";
import {
  type Flags,
  floatVerbText,
  NO_FLAGS,
  padded,
  stringVerbText,
  wholeText,
} from "./leaf_text.ts";
import { SemanticVersion } from "./semantic_version.ts";
import { Dict, GoFunction, isUnsigned, List, typeOf, type Value, wholeOf } from "./values.ts";

/** A value as `%v` writes it. */
export function textOf(value: Value, budget: RenderingBudget): string {
  if (typeof value === "string") return value;
  return verbText(value, "v", NO_FLAGS, budget);
}

/** `print`: a blank between two that are both no texts. */
export function sprint(values: readonly Value[], budget: RenderingBudget): string {
  let text = "";
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (index > 0 && typeof value !== "string" && typeof before !== "string") text += " ";
    const part = textOf(value, budget);
    budget.makeText(part.length);
    text += part;
  }
  return text;
}

export function sprintln(values: readonly Value[], budget: RenderingBudget): string {
  const parts = values.map((value) => textOf(value, budget));
  budget.makeText(parts.reduce((sum, part) => sum + part.length + 1, 0));
  return `${parts.join(" ")}\n`;
}

export function verbText(
  value: Value,
  verb: string,
  flags: Flags,
  budget: RenderingBudget,
): string {
  if (verb === "T") return padded(typeOf(value), flags, budget);
  if (value === null) {
    return verb === "v" ? padded("<nil>", flags, budget) : `%!${verb}(<nil>)`;
  }
  budget.step(VALUE_STEPS);
  return new ValuePrinter(verb, flags, budget).text(value, 0);
}

/** What it costs to print a value. */
const VALUE_STEPS = 4;

class ValuePrinter {
  readonly #verb: string;
  readonly #flags: Flags;
  readonly #budget: RenderingBudget;

  constructor(verb: string, flags: Flags, budget: RenderingBudget) {
    this.#verb = verb;
    this.#flags = flags;
    this.#budget = budget;
  }

  /** What it costs has been charged. */
  text(value: Value, depth: number): string {
    this.#budget.checkDepth(depth);
    if (value === null) return this.#flags.sharpV ? "interface {}(nil)" : "<nil>";
    if (value instanceof List) return this.#list(value, depth);
    if (value instanceof Dict) return this.#dict(value, depth);
    return this.#leaf(value) ?? this.#wrongVerb(value);
  }

  #wrongVerb(value: Value): string {
    const text = verbText(value, "v", this.#flags, this.#budget);
    return `%!${this.#verb}(${typeOf(value)}=${text})`;
  }

  #leaf(value: Exclude<Value, null | List | Dict>): string | undefined {
    const options = { flags: this.#flags, budget: this.#budget };
    if (typeof value === "string") return this.#counted(stringVerbText(value, this.#verb, options));
    if (typeof value === "number") return this.#counted(floatVerbText(value, this.#verb, options));
    if (typeof value === "boolean") {
      const isKnown = this.#verb === "v" || this.#verb === "t";
      return isKnown ? padded(String(value), this.#flags, this.#budget) : undefined;
    }
    // Go prints an address here.
    if (value instanceof GoFunction) return "func";
    if (this.#flags.sharpV && value instanceof GoTime) return goTimeText(value);
    const hasMethod = value instanceof GoTime || value instanceof GoDuration ||
      value instanceof GoNamed || value instanceof GoLocation || value instanceof SemanticVersion;
    if (hasMethod && !this.#flags.sharpV && "vsxXq".includes(this.#verb)) {
      return this.#counted(stringVerbText(value.toString(), this.#verb, options));
    }
    const whole = wholeOf(value);
    if (whole === undefined) return undefined;
    return this.#counted(
      wholeText(whole, this.#verb, { ...options, isUnsigned: isUnsigned(value) }),
    );
  }

  #counted(text: string | undefined): string | undefined {
    this.#budget.makeText(text?.length ?? 0);
    return text;
  }

  #list(list: List, depth: number): string {
    const isSharp = this.#flags.sharpV;
    if (list.type === "[]uint8" && "sqxX".includes(this.#verb)) {
      const bytes = Uint8Array.from(list.items, (item) => Number(wholeOf(item)));
      const options = { flags: this.#flags, budget: this.#budget };
      return this.#counted(stringVerbText(textOfBytes(bytes), this.#verb, options)) ?? "";
    }
    if (isSharp && list.isNil) return `${list.type}(nil)`;
    this.#budget.step(VALUE_STEPS * list.items.length);
    const parts = list.items.map((item) => this.text(item, depth + 1));
    return isSharp ? `${list.type}{${parts.join(", ")}}` : `[${parts.join(" ")}]`;
  }

  #dict(dict: Dict, depth: number): string {
    const isSharp = this.#flags.sharpV;
    if (isSharp && dict.isNil) return `${dict.type}(nil)`;
    this.#budget.step(2 * VALUE_STEPS * dict.entries.size);
    const parts = dict.sortedKeys(this.#budget).map((key) =>
      `${this.text(key, depth + 1)}:${this.text(dict.entries.get(key) ?? null, depth + 1)}`
    );
    return isSharp ? `${dict.type}{${parts.join(", ")}}` : `map[${parts.join(" ")}]`;
  }
}

/** A time as the code that makes it. */
function goTimeText(time: GoTime): string {
  const { year, day, hour, minute, second, nanosecond } = time.civil();
  const name = MONTHS[time.civil().month - 1];
  const zone = time.location.name === "UTC" ? "time.UTC" : `time.Location("${time.location.name}")`;
  return `time.Date(${year}, time.${name}, ${day}, ${hour}, ${minute}, ${second}, ` +
    `${nanosecond}, ${zone})`;
}
