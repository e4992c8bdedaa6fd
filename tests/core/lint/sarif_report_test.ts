import assert from "node:assert/strict";
import { type Finding, RULES, sarifReport } from "../../../core/lint/mod.ts";

const FINDING: Finding = {
  severity: "warning",
  rule: "no-history",
  file: "deploy/web.yaml",
  line: 3,
  column: 5,
  object: "Rollout/web",
  path: "spec.revisionHistoryLimit",
  text: "no old revision is kept",
};

function run(findings: readonly Finding[], unreadable: { file: string; detail: string }[] = []) {
  return JSON.parse(sarifReport(findings, { version: "1.2.3", unreadable })).runs[0];
}

Deno.test("a SARIF log has the table of rules and points at the places", () => {
  const { tool, results, columnKind } = run([FINDING]);
  assert.equal(tool.driver.version, "1.2.3");
  assert.equal(columnKind, "utf16CodeUnits");
  assert.deepEqual(
    tool.driver.rules.map(({ id }: { id: string }) => id),
    RULES.map(({ name }) => name),
  );
  assert.deepEqual(results, [{
    ruleId: "no-history",
    ruleIndex: RULES.findIndex(({ name }) => name === "no-history"),
    level: "warning",
    message: { text: "spec.revisionHistoryLimit: no old revision is kept" },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: "deploy/web.yaml" },
        region: { startLine: 3, startColumn: 5 },
      },
      logicalLocations: [{
        name: "Rollout/web",
        fullyQualifiedName: "Rollout/web#spec.revisionHistoryLimit",
      }],
    }],
  }]);
});

Deno.test("paths become references: relative ones stay so, others name a file of the machine", () => {
  const rows: [file: string, uri: string][] = [
    ["a b/ü#.yaml", "a%20b/%C3%BC%23.yaml"],
    ["c:d.yaml", "c%3Ad.yaml"],
    ["../a.yaml", "../a.yaml"],
    ["/srv/a.yaml", "file:///srv/a.yaml"],
    ["standard input", "standard%20input"],
  ];
  for (const [file, uri] of rows) {
    const [result] = run([{ ...FINDING, file, object: "" }]).results;
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, uri);
    assert.equal(result.locations[0].logicalLocations, undefined);
  }
});

Deno.test("files that cannot be read are told beside the results", () => {
  assert.equal(run([]).invocations[0].executionSuccessful, true);
  const [invocation] = run([], [{ file: "a.yaml", detail: "is a binary file" }]).invocations;
  assert.equal(invocation.executionSuccessful, false);
  assert.equal(invocation.toolExecutionNotifications[0].message.text, "is a binary file");
});
