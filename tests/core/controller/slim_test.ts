import assert from "node:assert/strict";
import { slim } from "../../../core/controller/slim.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function objectWith(metadata: Partial<KubeObject["metadata"]>): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", ...metadata },
    spec: { selector: { app: "web" } },
  };
}

Deno.test("slim() leaves out managedFields and what kubectl remembers, and nothing else", () => {
  const annotations = { [LAST_APPLIED]: "{}", team: "shop" };
  const object = objectWith({ managedFields: [{}], annotations, labels: { app: "web" } });
  const before = structuredClone(object);
  assert.deepEqual(
    slim(object),
    objectWith({ annotations: { team: "shop" }, labels: { app: "web" } }),
  );
  assert.deepEqual(object, before);
});

Deno.test("slim() makes no annotations where there are none", () => {
  assert.deepEqual(slim(objectWith({ managedFields: [] })), objectWith({}));
});
