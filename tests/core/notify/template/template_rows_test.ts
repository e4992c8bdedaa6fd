import assert from "node:assert/strict";
import text from "../../../fixtures/vectors/template.jsonl" with { type: "text" };
import { GoTime } from "../../../../core/analysis/condition/go_time.ts";
import { parseTime } from "../../../../core/analysis/condition/go_layout.ts";
import { GoFunction, parseTemplate } from "../../../../core/notify/template/mod.ts";

/** A template, its data, and what Go's text/template and sprig made of it. */
interface Row {
  readonly t: string;
  /** Data of its own, instead of those in the first line. */
  readonly d?: unknown;
  /** Whole numbers of the data are int64. */
  readonly whole?: boolean;
  readonly o?: string;
  readonly e?: "parse" | "exec";
}

const [first = "", ...lines] = text.trim().split("\n");
const data: Record<string, unknown> = JSON.parse(first).data;
const rows: Row[] = lines.map((line) => JSON.parse(line));

const NOW_NS = 1_714_979_289_123_000_000n;
const RFC_3339 = "2006-01-02T15:04:05Z07:00";

const time = {
  Now: new GoFunction({
    name: "Now",
    signature: "",
    result: "time.Time",
    call: () => new GoTime(NOW_NS),
  }),
  Parse: new GoFunction({
    name: "Parse",
    signature: "string",
    result: "time.Time",
    call: ([at]) => parseTime(at as string, RFC_3339),
  }),
};

type Outcome = { readonly text: string } | { readonly error: "parse" | "exec" };

function outcomeOf({ t, d = data, whole = false }: Row): Outcome & { readonly why?: string } {
  const parsed = parseTemplate({ name: "t", text: t });
  if (parsed.error !== undefined) return { error: "parse", why: parsed.error.message };
  const isMap = typeof d === "object" && d !== null && !Array.isArray(d);
  const rendered = parsed.template.render(isMap ? { ...d, time } : d, {
    ports: { nowMs: () => Number(NOW_NS / 1_000_000n), random: () => 0.5 },
    wholeNumbers: whole ? "int64" : "float64",
  });
  return rendered.error === undefined
    ? { text: rendered.text }
    : { error: "exec", why: rendered.error.message };
}

/** What Go finds while it renders is found here when the template is read. */
const EARLIER: readonly string[] = [
  '{{template "zz"}}',
  "{{$x := $x}}",
  "{{$x = 1}}",
  "{{$x =1}}",
];

function wantedOf({ t, o = "", e }: Row): Outcome {
  if (EARLIER.includes(t)) return { error: "parse" };
  return e === undefined ? { text: o } : { error: e };
}

Deno.test("templates are what Go's text/template and sprig make of them", () => {
  assert.ok(rows.length >= 1200, `${rows.length} rows`);
  const wrong = rows.flatMap((row) => {
    const { why, ...got } = outcomeOf(row);
    const wanted = wantedOf(row);
    const isSame = JSON.stringify(got) === JSON.stringify(wanted);
    return isSame ? [] : [JSON.stringify({ row: row.t, whole: row.whole, got, why, wanted })];
  });
  assert.deepEqual(wrong, []);
});
