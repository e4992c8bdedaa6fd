/** Templates put together at random: mostly right ones, some of them damaged. */
import { BUILTINS } from "../../../../core/notify/template/builtins.ts";
import { SPRIG_FUNCTIONS } from "../../../../core/notify/template/functions/sprig.ts";
import { KNOTS } from "./knots.ts";

const FUNCTIONS = [...BUILTINS, ...SPRIG_FUNCTIONS];

const VALUES = [
  ".",
  "$",
  ".s",
  ".u",
  ".list",
  ".map",
  ".map.deep",
  ".map.none.more",
  ".n",
  ".i",
  ".f",
  ".big",
  ".now",
  "nil",
  "true",
  "0",
  "1",
  "-1",
  "1.5",
  "1e9",
  "9223372036854775807",
  "100000",
  '""',
  '"a"',
  '"a b-c_D1"',
  '"é😀\\xff"',
  '"%v %5d %-8q %x %[2]*[1]d"',
  '"%999999d"',
  '"(a+)+$"',
  '"2006-01-02 15:04 MST"',
  '"1.2.x || >3"',
  '"http://u:p@h:1/p?q#f"',
  '"{\\"a\\":[1,null]}"',
  "`raw\n`",
  "'x'",
];
const BROKEN = [
  "{{",
  "}}",
  "{{-",
  "-}}",
  "(",
  ")",
  "|",
  '"',
  "`",
  "/*",
  "*/",
  ".",
  "$x",
  ":=",
  ",",
  "end",
  "else",
  "\\",
  "\n",
  "\u0000",
  "é",
  "\ud800",
];

/** Draws from a list of numbers; when they are used up, always the first. */
export class RandomTemplate {
  readonly #numbers: readonly number[];
  #at = 0;
  /** `$x` is a value that holds itself, or the like. */
  #isKnotted = false;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  text(): string {
    let text = this.#body(3);
    for (let count = this.#below(3) - 1; count > 0; count--) text = this.#damaged(text);
    return text;
  }

  #below(limit: number): number {
    const number = this.#numbers[this.#at++] ?? 0;
    return number % limit;
  }

  #pick(list: readonly string[]): string {
    return list[this.#below(list.length)] ?? "";
  }

  #damaged(text: string): string {
    const start = this.#below(text.length + 1);
    const end = start + this.#below(8);
    const cut = text.slice(start, end);
    const put = [this.#pick(BROKEN), "", cut + cut][this.#below(3)] ?? "";
    return text.slice(0, start) + put + text.slice(end);
  }

  #body(depth: number): string {
    const count = this.#below(4);
    return Array.from({ length: count }, () => this.#node(depth)).join("");
  }

  #node(depth: number): string {
    if (depth === 0) return this.#action(this.#pipe(1));
    const body = () => this.#body(depth - 1);
    const otherwise = () => this.#below(3) === 0 ? `{{else}}${body()}` : "";
    switch (this.#below(10)) {
      case 0:
        return "text \n ";
      case 1:
        return `{{if ${this.#pipe(2)}}}${body()}${otherwise()}{{end}}`;
      case 2:
        return `{{with $x := ${this.#pipe(2)}}}${body()}${otherwise()}{{end}}`;
      case 3:
        return `{{range ${this.#pipe(2)}}}${body()}${this.#pick(["", "{{break}}"])}{{end}}`;
      case 4:
        return `{{range $k, $v := ${this.#pipe(2)}}}{{$k}}${body()}{{$v}}{{end}}`;
      case 5:
        return `{{block "b" ${this.#pipe(1)}}}${body()}{{end}}`;
      case 6:
        return `{{$x := ${this.#pipe(2)}}}${body()}{{$x}}`;
      case 7:
        return this.#knotted(depth);
      default:
        return this.#action(this.#pipe(3));
    }
  }

  #knotted(depth: number): string {
    const knot = this.#pick(Object.values(KNOTS));
    const outer = this.#isKnotted;
    this.#isKnotted = true;
    const work = this.#action(`${this.#call(1)} $x`) + this.#body(depth - 1);
    this.#isKnotted = outer;
    return `{{with .}}${knot}${work}{{end}}`;
  }

  #action(pipe: string): string {
    return this.#pick(["{{", "{{- "]) + pipe + this.#pick(["}}", " -}}"]);
  }

  #pipe(depth: number): string {
    const first = this.#below(4) === 0 ? this.#word(depth) : this.#call(depth);
    const more = Array.from({ length: this.#below(3) }, () => ` | ${this.#call(depth)}`);
    return first + more.join("");
  }

  /** Half of the calls have as many arguments as they should. */
  #call(depth: number): string {
    const { name, signature } = FUNCTIONS[this.#below(FUNCTIONS.length)] ?? { name: "print" };
    const wanted = (signature?.fixed.length ?? 0) + (signature?.rest === undefined ? 0 : 1);
    const count = this.#below(2) === 0 ? wanted : this.#below(4);
    return [name, ...Array.from({ length: count }, () => this.#word(depth))].join(" ");
  }

  #word(depth: number): string {
    if (depth > 0 && this.#below(4) === 0) return `(${this.#pipe(depth - 1)})`;
    if (this.#isKnotted && this.#below(3) === 0) return "$x";
    return this.#pick(VALUES);
  }
}
