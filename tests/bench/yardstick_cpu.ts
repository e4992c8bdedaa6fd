/**
 * Run in a process of its own by `cpu_budget_test.ts`: a fixed piece of work that says how fast
 * this machine runs JavaScript that it has not run before. It prints its CPU time in milliseconds.
 *
 * The work resembles a simulation: text is parsed, objects are frozen, cloned, compared, sorted and
 * written as text again, much is awaited, and most of the code runs only a few times. It imports
 * nothing of Sluice and no package, so that no change of those moves it. Whoever changes this file
 * has changed the unit of the budget: docs/adr/0007-cpu-budget-by-yardstick.md says how to measure
 * it anew.
 */
import process from "node:process";
import type { Fields } from "../../sdk/wire/json.ts";

type Rule = (object: Fields, others: Fields[]) => Fields;

const OBJECTS = 64;
const RULES = 900;
const PASSES = 4;

/** A chain of numbers that is the same on every machine. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

/** An object as indented text. */
function textOf(index: number, chain: Generator<number, never>): string {
  const lines = [`name: object-${index}`, `size: ${chain.next().value % 100}`];
  for (const part of ["labels", "spec", "status"]) {
    lines.push(`${part}:`);
    for (let field = 0; field < 8; field++) {
      lines.push(`  ${part}-${field}: "${part} ${chain.next().value}"`);
    }
    lines.push("  inner:");
    for (let field = 0; field < 6; field++) lines.push(`    at-${field}: ${chain.next().value}`);
  }
  return lines.join("\n");
}

class Reader {
  readonly #lines: { depth: number; key: string; rest: string }[];
  #at = 0;

  constructor(text: string) {
    this.#lines = text.split("\n").map((line) => {
      const match = /^( *)([a-z][a-z0-9-]*): ?(.*)$/.exec(line);
      if (match === null) throw new Error(`Cannot read: ${line}`);
      const [, blanks = "", key = "", rest = ""] = match;
      return { depth: blanks.length, key, rest };
    });
  }

  read(depth = 0): Fields {
    const fields: Fields = {};
    for (let line = this.#lines[this.#at]; line?.depth === depth; line = this.#lines[this.#at]) {
      this.#at++;
      fields[line.key] = line.rest === "" ? this.read(depth + 2) : scalarOf(line.rest);
    }
    return fields;
  }
}

function scalarOf(text: string): string | number {
  if (text.startsWith('"')) return String(JSON.parse(text));
  return /^[0-9]+$/.test(text) ? Number(text) : text;
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

function sortedText(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([left], [right]) => left < right ? -1 : 1);
  return `{${fields.map(([key, each]) => `${JSON.stringify(key)}:${sortedText(each)}`).join(",")}}`;
}

/** A function that no other is like: the engine has to read and translate each of them. */
function ruleOf(index: number, chain: Generator<number, never>): Rule {
  const [first, second, third] = [0, 0, 0].map(() => chain.next().value % 1000);
  const part = ["labels", "spec", "status"][index % 3];
  const source = `
    const part${index} = object.${part} ?? {};
    const same${index} = others.filter((other) => other.size % ${
    index % 7 + 2
  } === object.size % 5);
    const names${index} = new Set(same${index}.map(({ name }) => name + "-${first}"));
    let sum${index} = ${second};
    for (const [key, value] of Object.entries(part${index})) {
      if (typeof value === "string" && value.endsWith("${index % 10}")) sum${index} += value.length;
      else if (typeof value === "object") sum${index} += Object.keys(value).length * ${third};
      else if (names${index}.has(key)) sum${index} -= 1;
    }
    switch (sum${index} % 4) {
      case 0: return { ...object, size: sum${index} % 100 };
      case 1: return { ...object, ${part}: { ...part${index}, "${part}-${
    index % 8
  }": "rule ${index}" } };
      case 2: return names${index}.size > 3 ? { ...object, size: names${index}.size } : object;
      default: return object;
    }`;
  return new Function("object", "others", source) as Rule;
}

async function store(kept: Map<string, Fields>, object: Fields): Promise<boolean> {
  const name = String(object["name"]);
  const before = kept.get(name);
  await Promise.resolve();
  if (before !== undefined && sortedText(before) === sortedText(object)) return false;
  kept.set(name, frozen(structuredClone(object)));
  return true;
}

async function runPass(kept: Map<string, Fields>, rules: readonly Rule[]): Promise<number> {
  let writes = 0;
  const others = [...kept.values()];
  for (const [index, object] of others.entries()) {
    let changed = object;
    for (let at = index % 4; at < rules.length; at += 60) {
      const rule = rules[at] as Rule;
      changed = await Promise.resolve(rule(changed, others));
    }
    if (await store(kept, changed)) writes++;
  }
  return writes;
}

const before = process.cpuUsage();
const chain = numbers(1);
const kept = new Map<string, Fields>();
for (let index = 0; index < OBJECTS; index++) {
  const object = new Reader(textOf(index, chain)).read();
  kept.set(String(object["name"]), frozen(object));
}
const rules = Array.from({ length: RULES }, (_, index) => ruleOf(index, chain));
let writes = 0;
for (let pass = 0; pass < PASSES; pass++) writes += await runPass(kept, rules);
const length = [...kept.values()].map(sortedText).join("\n").length;
const { user, system } = process.cpuUsage(before);
const figures = { cpuMs: (user + system) / 1000, writes, length };
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(figures)));
