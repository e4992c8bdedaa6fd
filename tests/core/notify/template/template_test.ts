import assert from "node:assert/strict";
import {
  GoFunction,
  parseTemplate,
  type RenderOutcome,
} from "../../../../core/notify/template/mod.ts";

const PORTS = { nowMs: () => 0, random: () => 0.5 };
const NAME = "notification-configmap template.done message";

function render(text: string, data: unknown = {}): RenderOutcome {
  const parsed = parseTemplate({ name: NAME, text });
  if (parsed.error !== undefined) return parsed;
  return parsed.template.render(data, { ports: PORTS, wholeNumbers: "int64" });
}

Deno.test("an error of a template says where it is, and what is wrong, in one line", () => {
  const rows: [string, string, number, number][] = [
    ["a\nb {{nope .x}}", 'function "nope" is not defined', 2, 5],
    ["{{if .a}}", "an {{end}} is missing", 1, 10],
    ['é😀{{template "gone"}}', 'template "gone" is not defined', 1, 3],
    ["\n\n  {{ .a.b }}", ".b is asked of nil", 3, 6],
    ["{{index .list 7}}", "index: index 7 is out of range, the length is 1", 1, 3],
  ];
  for (const [text, reason, line, column] of rows) {
    const { error } = render(text, { a: null, list: [1] });
    assert.deepEqual(error, {
      message: `${NAME}:${line}:${column}: ${reason}`,
      reason,
      line,
      column,
    });
  }
});

Deno.test("what a template takes too much of ends it, soon", () => {
  const loop = "{{range 1000}}";
  const rows: [string, string][] = [
    [`${loop}${loop}${loop}{{end}}{{end}}{{end}}`, "the template takes too many steps"],
    [
      `${loop}${loop}${"x".repeat(100)}{{end}}{{end}}`,
      "the output is longer than 1000000 characters",
    ],
    [
      '{{printf "%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d" 1 1 1 1 1 1 1 1 1}}',
      "printf: the template takes too much memory",
    ],
    [
      '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}',
      "templates call one another more than 200 deep",
    ],
    ["{{if 1}}".repeat(200), "actions are nested more than 150 deep"],
    ["{{if 1}}" + "{{else if 1}}".repeat(200) + "{{end}}", "actions are nested more than 150 deep"],
    [`{{${"(".repeat(200)}1${")".repeat(200)}}}`, "parentheses are nested more than 100 deep"],
    ["x".repeat(1_000_001), "the template is longer than 1000000 characters"],
  ];
  for (const [text, reason] of rows) assert.equal(render(text).error?.reason, reason);
});

Deno.test("data stay as they are, and a rendering sees no prototype", () => {
  assert.deepEqual(render("{{.constructor}} {{.a.toString}}", { a: {} }), {
    text: "<no value> <no value>",
  });
});

Deno.test("a function of the data is called with what its signature names", () => {
  const twice = new GoFunction({
    name: "twice",
    signature: "int",
    result: "int",
    call: ([value]) => (value as bigint) * 2n,
  });
  assert.deepEqual(render("{{call .twice .three}}", { twice, three: 3 }), { text: "6" });
  assert.match(render('{{call .twice "a"}}', { twice }).error?.reason ?? "", /int is expected/);
  assert.match(render("{{call .twice 1 2}}", { twice }).error?.reason ?? "", /takes 1 arguments/);
});
