/** Reads metrics as strictly as Prometheus does, and a little more: for tests. */
import assert from "node:assert/strict";

/** Values by series, as `name{label="value"}`. */
export type Scrape = ReadonlyMap<string, number>;

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) \\S.*$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (\\S+)$`);
const NUMBER = /^([+-]?Inf|NaN|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/;

/** @throws where a line is wrong, a series comes twice, or a histogram contradicts itself */
export function parseStrictly(text: string): Scrape {
  assert.ok(text === "" || text.endsWith("\n"), "the last line ends");
  const scrape = new Map<string, number>();
  const families = new Set<string>();
  let family = "";
  let type = "";
  let helped = "";
  for (const line of text.split("\n").slice(0, -1)) {
    const help = HELP.exec(line)?.[1];
    if (help !== undefined) {
      helped = help;
      continue;
    }
    const [, typed, kind = ""] = TYPE.exec(line) ?? [];
    if (typed !== undefined) {
      assert.equal(helped, typed, `help stands before type: ${line}`);
      assert.ok(!families.has(typed), `a family stands in one place: ${typed}`);
      families.add(typed);
      [family, type] = [typed, kind];
      continue;
    }
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    assert.ok(name !== "" && NUMBER.test(value), `not a sample: ${line}`);
    const base = type === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name;
    assert.equal(base, family, `a sample stands under its family: ${line}`);
    assert.ok(!scrape.has(name + labels), `a series comes once: ${line}`);
    scrape.set(name + labels, Number(value.replace("Inf", "Infinity")));
  }
  checkHistograms(scrape);
  return scrape;
}

function checkHistograms(scrape: Scrape): void {
  const last = new Map<string, number>();
  for (const [series, value] of scrape) {
    const bucket = /^(.*)_bucket(\{.*?),?le="([^"]*)"\}$/.exec(series);
    if (bucket === null) continue;
    const [, name, labels = "", bound] = bucket;
    const rest = labels === "{" ? "" : `${labels}}`;
    assert.ok(value >= (last.get(name + rest) ?? 0), `buckets add up: ${series}`);
    last.set(name + rest, value);
    if (bound === "+Inf") assert.equal(scrape.get(`${name}_count${rest}`), value, series);
  }
}
