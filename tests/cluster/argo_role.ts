/** The image alone was swapped: the program has the role of Argo Rollouts, and no other. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { DEPLOYMENTS, PODS, ROLLOUTS } from "../../core/api/names/resources.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { Account } from "./account.ts";
import { ARGO_RULES } from "./argo_installation.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { type Stage, updateThrough, withProgram } from "./fault_stage.ts";
import { playIngress, playRoute } from "./argo_role_routes.ts";
import { until } from "./real_cluster.ts";

const LABELS = { app: "asking" };
const TEMPLATE = {
  metadata: { labels: LABELS },
  spec: { containers: [{ name: "web", image: "registry/web:1" }] },
};

/** A Rollout that asks for both: labels of its pods, and a Deployment that is scaled down. */
async function createAsking({ user, namespace }: Stage): Promise<void> {
  await user.create(DEPLOYMENTS, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "asking", namespace },
    spec: { replicas: 1, selector: { matchLabels: LABELS }, template: TEMPLATE },
  });
  await user.create(ROLLOUTS, {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "asking", namespace },
    spec: {
      replicas: 2,
      workloadRef: {
        ...{ apiVersion: "apps/v1", kind: "Deployment", name: "asking", scaleDown: "onsuccess" },
      },
      strategy: {
        canary: {
          canaryMetadata: { labels: { role: "canary" } },
          stableMetadata: { labels: { role: "stable" } },
          steps: [{ setWeight: 50 }, { pause: { duration: 1 } }],
        },
      },
    },
  } as unknown as Rollout);
}

async function untilHealthy({ user, namespace }: Stage, generation: string): Promise<void> {
  await until(`"asking" to be Healthy with workload ${generation}`, async () => {
    const { status } = await user.get(ROLLOUTS, { namespace, name: "asking" }) as Rollout;
    return status?.phase === "Healthy" &&
      fieldsOf(status)["workloadObservedGeneration"] === generation;
  }, 120_000);
}

export async function playArgoRole(stage: Stage): Promise<void> {
  const { plane, user, namespace } = stage;
  const account = await Account.create(plane, { name: "argo-role", namespace, rules: ARGO_RULES });
  const token = await account.token();
  const [port = 0] = chooseFreePorts(1);
  const readyz = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: response.status, text: await response.text() };
  };
  await withProgram(stage, async (program) => {
    await updateThrough(stage, program, {
      what: "with the role of Argo Rollouts",
      happen: () => Promise.resolve(),
    });
    await createAsking(stage);
    await Promise.all([untilHealthy(stage, "1"), playIngress(stage), playRoute(stage)]);
    const body = {
      spec: { template: { spec: { containers: [{ name: "web", image: "web:2" }] } } },
    };
    await user.patch(DEPLOYMENTS, { namespace, name: "asking" }, { type: "strategic", body });
    await untilHealthy(stage, "2");

    const deployment = await user.get(DEPLOYMENTS, { namespace, name: "asking" });
    assert.equal(fieldsOf(deployment["spec"])["replicas"], 1, "it may not be scaled");
    const warned = program.lines.filter(({ level }) => level === "warning" || level === "warn");
    const rights = warned.filter(({ msg }) => msg.startsWith("a right is missing"));
    assert.deepEqual(rights.map(({ right }) => right).sort(), [
      "get httproutes.gateway.networking.k8s.io",
      "patch deployments.apps",
      "patch pods",
    ]);
    const others = warned.filter(({ msg }) => msg.startsWith("cannot look for controllers"));
    assert.deepEqual(others.map(({ resource }) => resource), ["leases"], "told once");
    const { status, text } = await readyz();
    assert.equal(status, 200, text);
    assert.match(text, /^going on without the right to patch pods since .*cannot patch resource/m);
    assert.match(text, /^going on without the right to patch deployments\.apps since /m);
    const pods = (await user.list(PODS, { namespace, labelSelector: "app=asking" })).items;
    assert.ok(pods.length >= 2);
    const errors = program.lines.filter(({ level }) => level === "error");
    assert.deepEqual(errors, []);
  }, { token, flags: [`--healthzPort=${port}`, "--bind-address=127.0.0.1"] });
}
