import assert from "node:assert/strict";
import { CONFIG_MAPS, NAMESPACES } from "../../../../core/api/names/resources.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { configMap, makeWorld } from "./world.ts";

const there: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "there" } };

Deno.test("a deleted namespace takes nothing new, is emptied and goes", async () => {
  const { client, cluster } = makeWorld();
  await client.create(NAMESPACES, there);
  const finalizers = ["example.test/hold"];
  await client.create(CONFIG_MAPS, configMap("held", { namespace: "there", finalizers }));
  await client.create(CONFIG_MAPS, configMap("free", { namespace: "there" }));
  const left = await client.delete(NAMESPACES, there.metadata);
  assert.deepEqual(left?.["status"], { phase: "Terminating" });
  await assert.rejects(client.create(CONFIG_MAPS, configMap("late", { namespace: "there" })), {
    code: 403,
    reason: "Forbidden",
  });
  cluster.settle();
  const names = cluster.objects(CONFIG_MAPS).map(({ metadata }) => metadata.name);
  assert.deepEqual(names, ["held"]);
  assert.equal((await client.get(NAMESPACES, there.metadata)).metadata.name, "there");
  const body = { metadata: { finalizers: null } };
  const ref = { namespace: "there", name: "held" };
  await client.patch(CONFIG_MAPS, ref, { type: "merge", body });
  cluster.settle();
  await assert.rejects(client.get(NAMESPACES, there.metadata), { code: 404 });
});
