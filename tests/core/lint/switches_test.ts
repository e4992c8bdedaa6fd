import assert from "node:assert/strict";
import { judge, readSources } from "../../../core/lint/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { lintObjects, lintText, rollout } from "./manifests.ts";
import type { Fields } from "../../../sdk/wire/json.ts";

const ODD = { spec: { revisionHistoryLimit: 0 }, container: { image: "web" } };

/** An odd Rollout, with rules switched off for it. */
function switched(name: string, off: string): Fields {
  const each = rollout({ ...ODD, name });
  return { ...each, metadata: { name, annotations: { "sluice/lint-off": off } } };
}

function rules(text: string): string[] {
  return lintText(text).map(({ rule }) => rule);
}

Deno.test("a remark switches rules off for its file, and for no other", () => {
  const text = `# sluice-lint: off no-history, image-without-version\n${
    JSON.stringify(rollout(ODD))
  }`;
  assert.deepEqual(rules(text), []);
  const other = JSON.stringify(rollout({ ...ODD, name: "other" }));
  const sources = [["a/a.yaml", text], ["b/b.yaml", other]]
    .map(([file = "", text = ""]) => ({ file, text, isNamed: true }));
  const found = judge(readSources(sources), plugins);
  assert.deepEqual(found.map(({ file, rule }) => `${file} ${rule}`).toSorted(), [
    "b/b.yaml image-without-version",
    "b/b.yaml no-history",
  ]);
});

Deno.test("a remark may stand anywhere, several may, and what reading finds is switched off, too", () => {
  const text = "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: a}\n" +
    "spec:\n  metrics: []\n  # sluice-lint: off key-twice\n  args: []\n  args: []\n  x: 1\n";
  assert.deepEqual(rules(text), ["invalid-spec", "unknown-field"]);
  assert.deepEqual(rules(`${text}# sluice-lint: off unknown-field`), ["invalid-spec"]);
});

Deno.test("an annotation switches rules off for its object alone", () => {
  const found = lintObjects(
    switched("one", "no-history image-without-version"),
    switched("two", "no-history"),
  );
  assert.deepEqual(found.map(({ object, rule }) => `${object} ${rule}`), [
    "Rollout/two image-without-version",
  ]);
});

Deno.test("a name that no rule has switches nothing off, and is told", () => {
  const found = lintObjects(switched("one", "no-histry,image-without-version"));
  assert.deepEqual(found.map(({ rule, text }) => `${rule}: ${text}`), [
    'unknown-rule: unknown rule "no-histry"',
    "no-history: no old revision is kept: there is nothing to go back to",
  ]);
  assert.deepEqual(rules(`# sluice-lint: off nothing\n${JSON.stringify(rollout())}`), [
    "unknown-rule",
  ]);
});
