import assert from "node:assert/strict";
import type { CheckedRule } from "../../../../core/lint/rule.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { lintObjects, shown } from "../manifests.ts";

/** Objects, and what lint must find in them (`rule path`): nothing else, and nothing less. */
export type RuleRow = readonly [what: string, objects: readonly Fields[], findings: string[]];

/** Tests rules row by row, and that each of them is seen to find something. */
export function testRules(rules: readonly CheckedRule[], rows: readonly RuleRow[]): void {
  for (const [what, objects, findings] of rows) {
    Deno.test(`lint finds what is to be found in ${what}`, () => {
      assert.deepEqual(shown(lintObjects(...objects)), findings);
    });
  }
  Deno.test(`each of the rules is seen to find something: ${rules[0]?.name}, …`, () => {
    const seen = rows.flatMap(([, , findings]) => findings.map((line) => line.split(" ")[0]));
    assert.deepEqual(rules.map(({ name }) => name).filter((name) => !seen.includes(name)), []);
  });
}
