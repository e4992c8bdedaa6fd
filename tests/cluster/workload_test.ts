/** A Rollout over a Deployment on a real control plane: its template, its pods, its absence. */
import assert from "node:assert/strict";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { WORKLOAD_GENERATION_ANNOTATION } from "../../core/api/names/names.ts";
import { DEPLOYMENTS, PODS, ROLLOUTS } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { apply, promote, setImage } from "../../core/command/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { isReady } from "../contract/workload.ts";
import { playServed, type ServedNamespace, until, webRollout } from "./real_cluster.ts";

const STEPS = [{ setWeight: 34 }, { pause: {} }];
const PODS_WANTED = 3;

/** The Deployment that the Rollout "web" takes its template from. */
function deployment({ metadata: { namespace = "" }, spec }: Rollout): KubeObject {
  const { selector, template } = spec;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "base", namespace },
    spec: { replicas: PODS_WANTED, selector, template },
  };
}

/** The same Rollout with its template and selector in the Deployment. */
function referring({ spec: { template: _, selector: __, ...spec }, ...rollout }: Rollout): Rollout {
  const workloadRef = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    name: "base",
    scaleDown: "progressively",
  };
  return { ...rollout, spec: { ...spec, workloadRef } };
}

async function playWorkload({ user, own, namespace }: ServedNamespace): Promise<void> {
  const target = { namespace, name: "web" };
  const base = { namespace, name: "base" };
  const web = webRollout(namespace, { replicas: PODS_WANTED, canary: { steps: STEPS } });
  const rollout = async () => (await user.get(ROLLOUTS, target)) as Rollout;
  const kept = async () =>
    ((await user.get(DEPLOYMENTS, base))["spec"] as { replicas: number }).replicas;
  const readyPods = async () => (await user.list(PODS, { namespace })).items.filter(isReady).length;
  const reach = (phase: string) =>
    until(phase, async () => {
      const { status } = await rollout();
      return status?.phase === phase && isObserved(await rollout());
    });
  assert.equal(requests(own, /deployments/).length, 0, "nobody refers to a Deployment yet");

  await apply(user, DEPLOYMENTS, deployment(web));
  await until("the Deployment's pods", async () => await readyPods() === PODS_WANTED);
  await apply(user, ROLLOUTS, referring(web));
  let fewest = PODS_WANTED;
  await until("the hand-over", async () => {
    fewest = Math.min(fewest, await readyPods());
    return await kept() === 0;
  });
  await reach("Healthy");
  assert.equal(fewest, PODS_WANTED, "users never have fewer pods than are wanted");
  assert.equal((await rollout()).spec.template, undefined);
  assert.equal((await rollout()).spec.selector, undefined);

  await setImage(user, target, { container: "web", image: "registry/web:2" });
  await reach("Paused");
  const { metadata, status } = await rollout();
  const { generation } = (await user.get(DEPLOYMENTS, base)).metadata;
  assert.equal(metadata.annotations?.[WORKLOAD_GENERATION_ANNOTATION], String(generation));
  assert.equal(status?.["workloadObservedGeneration"], String(generation));
  await promote(user, target, { isFull: true });
  await reach("Healthy");

  const replicas = { type: "merge" as const, body: { spec: { replicas: PODS_WANTED } } };
  await user.patch(DEPLOYMENTS, base, replicas);
  await until("the second hand-over", async () => await kept() === 0);

  const revision = (await rollout()).metadata.annotations?.["rollout.argoproj.io/revision"];
  const last = await user.get(DEPLOYMENTS, base);
  await user.delete(DEPLOYMENTS, base);
  await until(
    "the missing Deployment",
    async () => (await rollout()).status?.phase === "Degraded",
  );
  assert.equal(
    (await rollout()).status?.message,
    `InvalidSpec: The Rollout "web" is invalid: deployments.apps "${namespace}/base" not found`,
  );
  assert.equal(await readyPods(), PODS_WANTED);
  const { name, labels } = last.metadata;
  await user.create(DEPLOYMENTS, {
    ...last,
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) },
  });
  await reach("Healthy");
  const after = await rollout();
  assert.equal(after.metadata.annotations?.["rollout.argoproj.io/revision"], revision);

  const settled = requests(own, /^(create|update|patch|delete) (?!events)/).join();
  await sleep(systemClock, 5_000);
  const writes = requests(own, /^(create|update|patch|delete) (?!events)/).join();
  assert.equal(writes, settled, "a settled world gets no writes");
}

/** What a connection asked for, by name, with the counts. */
function requests(cluster: ServedNamespace["own"], pattern: RegExp): string[] {
  return [...cluster.requests()].filter(([name]) => pattern.test(name))
    .map(([name, count]) => `${name} ${count}`);
}

/** Whether the status is about the present spec, and the present generation of the Deployment. */
function isObserved({ metadata, status }: Rollout): boolean {
  const noted = metadata.annotations?.[WORKLOAD_GENERATION_ANNOTATION];
  return status?.observedGeneration === String(metadata.generation) &&
    status?.["workloadObservedGeneration"] === noted;
}

Deno.test("a real control plane: a Deployment gives a Rollout its template and its place", () =>
  playServed(playWorkload));
