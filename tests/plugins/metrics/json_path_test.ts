import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJsonPath } from "../../../plugins/metrics/web/json_path.ts";
import rows from "../../fixtures/vectors/json_path.jsonl" with { type: "text" };

interface Row {
  readonly path: string;
  readonly data: unknown;
  readonly parse?: string;
  readonly find?: string;
  /** The library itself gave up: anything but a value will do. */
  readonly panic?: boolean;
  readonly lists?: unknown;
}

const ROWS = rows.trimEnd().split("\n").map((line) => JSON.parse(line) as Row);

/** What comes of a path, in the words of a row. */
function outcomeOf({ path, data }: Row): Omit<Row, "path" | "data"> {
  let found;
  try {
    found = parseJsonPath(path);
  } catch (error) {
    return { parse: (error as Error).message };
  }
  try {
    const lists = found.find(data).map((list) => list.map(plain));
    return lists.length === 0 ? {} : { lists };
  } catch (error) {
    return { find: (error as Error).message };
  }
}

/** Whole numbers of a path, and nothing at all, as the library's JSON shows them. */
function plain(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value ?? null;
}

Deno.test(`${ROWS.length} paths find what Kubernetes' own library finds`, () => {
  const wrong = ROWS.flatMap((row) => {
    const { path, data, panic, ...expected } = row;
    const outcome = outcomeOf(row);
    if (panic && !/\d/.test(JSON.stringify(outcome.lists) ?? "")) return [];
    try {
      assert.deepEqual(outcome, expected);
      return [];
    } catch {
      return [{ path, data, outcome, expected }];
    }
  });
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${ROWS.length} differ`);
});

Deno.test("any text is a path, or an error with a sentence", () => {
  const text = fc.array(fc.constantFrom(...`{}[]().,:@$?=<>'"\\ *-1a\né`)).map((all) =>
    all.join("")
  );
  fc.assert(
    fc.property(text, fc.jsonValue(), (path, data) => {
      const outcome = outcomeOf({ path: `{${path}`, data });
      const message = outcome.parse ?? outcome.find;
      assert.ok(message === undefined || /^[^]+$/.test(message));
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("a path that multiplies values is given up", () => {
  let data: unknown = 1;
  for (let depth = 0; depth < 200; depth++) data = [data, data];
  assert.throws(() => parseJsonPath("{..}").find(data), /more than 1000000 values are looked at/);
  const wide = Array.from({ length: 2_000 }, () => Array(2_000).fill(1));
  assert.throws(() => parseJsonPath("{[*][*]}").find(wide), /more than 1000000 values/);
  const ranges = "{range $[*]}".repeat(40);
  assert.throws(() => parseJsonPath(ranges).find([[[[1, 1], 1], 1], 1]));
});
