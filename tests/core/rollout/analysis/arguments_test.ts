import assert from "node:assert/strict";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import { resolveArguments } from "../../../../core/rollout/analysis/arguments.ts";
import { worldOf } from "../world.ts";

const { rollout } = worldOf({
  next: { hash: "bbb", size: 4 },
  replicas: 1_500_000,
  annotations: { team: 'a "b"', area: "shop" },
  steps: [{ setWeight: 20 }, { setWeight: 40 }],
});
const LABELLED: Rollout = {
  ...rollout,
  metadata: { ...rollout.metadata, labels: { app: "web", tier: "front" } },
};

function valueOf(valueFrom: unknown): string {
  const args = [{ name: "x", valueFrom }];
  const found = resolveArguments(args, {
    rollout: LABELLED,
    latestHash: "bbb",
    stableHash: "aaa",
  });
  return found.error === undefined ? found.value[0]?.value ?? "nothing" : `error: ${found.error}`;
}

const field = (fieldPath: string) => valueOf({ fieldRef: { fieldPath } });

Deno.test("an argument has its value, or the hash of the newest or the stable revision", () => {
  const args = [{ name: "a", value: "1" }, { name: "b" }];
  const sources = { rollout: LABELLED, latestHash: "bbb", stableHash: "aaa" };
  assert.deepEqual(resolveArguments(args, sources), {
    value: [{ name: "a", value: "1" }, { name: "b", value: "" }],
  });
  assert.equal(valueOf({ podTemplateHashValue: "Latest" }), "bbb");
  assert.equal(valueOf({ podTemplateHashValue: "Stable" }), "aaa");
});

Deno.test("a field of the metadata is read as pods read theirs", () => {
  assert.equal(field("metadata.name"), "web");
  assert.equal(field("metadata.namespace"), "shop");
  assert.equal(field("metadata.uid"), "rollout-uid");
  assert.equal(field("metadata.labels['tier']"), "front");
  assert.equal(field("metadata.labels['none']"), "");
  assert.equal(field("metadata.annotations['area']"), "shop");
  assert.equal(field("metadata.labels"), 'app="web"\ntier="front"');
  assert.match(field("metadata.annotations"), /^area="shop"\n.*\nteam="a \\"b\\""$/);
  assert.equal(field("metadata.generation"), "error: unsupported fieldPath: metadata.generation");
});

Deno.test("any other field is one of the Rollout, as Go writes it", () => {
  assert.equal(field("spec.strategy.canary.steps[1].setWeight"), "40");
  assert.equal(field("spec.replicas"), "1.5e+06");
  assert.equal(field("status.stableRS"), "bbb");
  const at = "spec.strategy.canary";
  assert.equal(field(`${at}.steps[x]`), "error: invalid index 'x'");
  assert.equal(field(`${at}.steps[2]`), "error: index 2 out of range");
  assert.equal(field("spec.none"), "error: invalid path spec.none in rollout");
  assert.equal(
    field("spec.replicas.more"),
    "error: invalid path spec.replicas.more in rollout",
  );
  assert.equal(
    field(`${at}.steps`),
    `error: path ${at}.steps in rollout must terminate in a primitive value`,
  );
});
