import assert from "node:assert/strict";
import { slim, slimFor } from "../../../core/controller/slim.ts";
import { SERVICES } from "../../../core/api/names/resources.ts";
import { plugins } from "../../../plugins/mod.ts";
import { VIRTUAL_SERVICES } from "../../../plugins/traffic/istio/virtual_services.ts";
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

Deno.test("of what a router changes, who wrote it is kept", () => {
  const entry = { manager: "flux", operation: "Apply", fieldsV1: { "f:spec": {} } };
  const object = objectWith({ managedFields: [entry] });
  const kept = objectWith({ managedFields: [{ manager: "flux", operation: "Apply" }] });
  const slimmed = slimFor(plugins);
  assert.deepEqual(slimmed(object, VIRTUAL_SERVICES), kept);
  assert.deepEqual(slimmed(object, SERVICES), objectWith({}));
});
