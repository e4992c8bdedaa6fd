/** Null is absent where Kubernetes says so, and empty where something has to be. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";
import { canonicalTemplate } from "../../../../core/api/hash/normalise_template.ts";
import { validatePodTemplate } from "../../../../core/api/validation/validate_pod_template.ts";
import { placeAt } from "../../../../sdk/wire/field_place.ts";
import full from "../../../fixtures/pod_templates/full.yaml" with { type: "text" };
import { type Path, placesOf, replacedAt } from "../hash/template_paths.ts";

const TEMPLATE = parse(full) as PodTemplate;

function errorsOf(template: unknown): string[] {
  const selector = { matchLabels: TEMPLATE.metadata?.labels ?? {} };
  return validatePodTemplate(template, { selector, place: placeAt("spec.template") })
    .map(({ text }) => text);
}

const parentOf = (path: Path): unknown => {
  let value: unknown = TEMPLATE;
  for (const step of path.slice(0, -1)) value = (value as Record<string, unknown>)[step];
  return value;
};

/** Maps whose values are texts: a null among them is empty, not absent. */
const MAPS = ["labels", "annotations", "nodeSelector", "matchLabels", "volumeAttributes"];

/** What Kubernetes reads instead of null at a place; undefined: nothing at all. */
function readAs(path: Path, value: unknown): unknown {
  const isItem = Array.isArray(parentOf(path));
  const map = String(path.at(-2) ?? "");
  if (!isItem && !MAPS.includes(map)) return undefined;
  return typeof value === "object" ? {} : "";
}

Deno.test("a null anywhere in a template is what Kubernetes reads in its place", () => {
  assert.deepEqual(errorsOf(TEMPLATE), []);
  let count = 0;
  for (const [path, value] of placesOf(TEMPLATE)) {
    const isNull = replacedAt(TEMPLATE, path, null);
    const isRead = replacedAt(TEMPLATE, path, readAs(path, value));
    assert.equal(canonicalTemplate(isNull), canonicalTemplate(isRead), path.join("."));
    assert.deepEqual(errorsOf(isNull), errorsOf(isRead), path.join("."));
    count++;
  }
  assert.ok(count > 300, `${count}`);
});

Deno.test("amounts, ports and arguments that are null are valid", () => {
  const container = { name: "web", image: "web:1" };
  const rows: Record<string, unknown>[] = [
    { resources: { requests: { cpu: null } } },
    { resources: { requests: null, limits: { memory: null } } },
    { ports: [{ containerPort: 80, hostPort: null, protocol: null }] },
    { args: [null] },
    { command: null, env: null, volumeMounts: null },
  ];
  for (const row of rows) {
    const template = {
      metadata: { labels: TEMPLATE.metadata?.labels },
      spec: { containers: [{ ...container, ...row }] },
    };
    assert.deepEqual(errorsOf(template), [], JSON.stringify(row));
  }
});
