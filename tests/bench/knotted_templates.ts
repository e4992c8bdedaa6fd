/** Values that hold themselves, or one another many times, given to every function. */
import { BUILTINS } from "../../core/notify/template/builtins.ts";
import { SPRIG_FUNCTIONS } from "../../core/notify/template/functions/sprig.ts";
import type { ParameterType } from "../../core/notify/template/signature.ts";
import type { TemplateFunction } from "../../core/notify/template/template_function.ts";
import { KNOTS } from "../core/notify/template/knots.ts";

/** What stands for a parameter that takes no list and no map. */
const LITERALS: Readonly<Partial<Record<ParameterType, string>>> = Object.freeze({
  bool: "true",
  duration: "1",
  float64: "1.5",
  int: "1",
  int64: "1",
  string: '"a"',
  time: "now",
  uint32: "1",
  uint64: "1",
});

/** A call with the knot for each parameter that takes one; undefined: none does. */
function call({ name, signature }: TemplateFunction, knot: string): string | undefined {
  const { fixed, rest } = signature;
  const types = rest === undefined ? fixed : [...fixed, rest, rest];
  const words = types.map((type) => LITERALS[type] ?? (type === "dict" ? "$x" : knot));
  return words.includes("$x") || words.includes(knot)
    ? `{{${name} ${words.join(" ")}}}`
    : undefined;
}

const VERBS = [
  "%v",
  "%+v",
  "%#v",
  "%d",
  "%s",
  "%q",
  "%x",
  "%X",
  "%T",
  "%t",
  "%e",
  "%c",
  "%U",
  "%z",
];

const OTHERS = [
  "{{$x}}",
  "{{range $x}}{{.}}{{end}}",
  "{{range $k, $v := $x}}{{range $v}}{{.}}{{end}}{{end}}",
  "{{with $x}}{{.}}{{end}}",
  "{{if $x}}{{end}}",
  "{{$x.d.d.d.d.d}}",
  '{{define "t"}}{{template "t" .d}}{{end}}{{template "t" $x}}',
  '{{define "t"}}{{range .}}{{template "t" .}}{{end}}{{end}}{{template "t" $x}}',
  '{{$y := deepCopy (dict "a" 1)}}{{$_ := merge $y (dict "d" $x)}}{{$_ := merge $x $y}}',
  '{{$y := dict}}{{$_ := set $y "d" $y}}{{$_ := mergeOverwrite $x $y $x}}{{deepEqual $x $y}}',
  ...VERBS.map((verb) => `{{printf "${verb}" $x}}`),
  '{{printf "%*d %[1]v" $x $x}}',
  '{{printf "" $x $x}}',
];

/** Twins do the same: one of them is enough. */
const FUNCTIONS = new Map([...BUILTINS, ...SPRIG_FUNCTIONS].map((each) => [each.call, each]));

const WORK: readonly string[] = [
  ...FUNCTIONS.values().flatMap((each) =>
    ["$x", "(list $x $x)"].map((knot) => call(each, knot)).filter((text) => text !== undefined)
  ),
  ...OTHERS,
];

export const KNOTTED_TEMPLATES: readonly string[] = Object.values(KNOTS).flatMap((knot) =>
  WORK.map((work) => knot + work)
);
