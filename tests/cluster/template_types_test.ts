/** Pod templates that Sluice's definition stores and Kubernetes cannot use, on a real API server. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { EVENTS, ROLLOUTS } from "../../core/api/names/resources.ts";
import { playServed, until, webRollout } from "./real_cluster.ts";

const CONTAINER = { name: "web", image: "registry/web:1" };

interface Stored {
  readonly name: string;
  readonly labels?: Readonly<Record<string, unknown>>;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly spec?: Readonly<Record<string, unknown>>;
  /** The phase and message that it comes to. */
  readonly told: RegExp;
}

const AT = String.raw`spec\.template\.spec`;
const INVALID = String.raw`Degraded InvalidSpec: The Rollout "[a-z-]+" is invalid: `;
const STORED: readonly Stored[] = [
  {
    name: "env",
    container: { env: [{ name: "A", value: 5 }] },
    told: new RegExp(`^${INVALID}${AT}\\.containers\\[0\\]\\.env\\[0\\]\\.value: must be a string`),
  },
  {
    name: "label",
    labels: { version: 1.5 },
    told: new RegExp(`^${INVALID}spec\\.template\\.metadata\\.labels\\.version: must be a string`),
  },
  {
    name: "probe",
    container: { readinessProbe: { periodSeconds: "5", tcpSocket: { port: 80 } } },
    told: new RegExp(`^${INVALID}${AT}.*readinessProbe\\.periodSeconds: must be a whole number`),
  },
  { name: "n".repeat(250), told: new RegExp(`^${INVALID}metadata\\.name: Invalid value: `) },
  {
    name: "mode",
    spec: { volumes: [{ name: "a", configMap: { name: "a", defaultMode: "0644" } }] },
    // What nobody knows of before is told in the server's words.
    told: /^Degraded ReplicaSetCreateError: Failed to create new replica set "mode-.*defaultMode/,
  },
  {
    name: "amount",
    container: { resources: { requests: { memory: "invalid" } } },
    told: /^Healthy $/,
  },
  {
    name: "debugger",
    container: { resources: { requests: { memory: "invalid" } } },
    spec: {
      ephemeralContainers: [{ ...CONTAINER, resources: { requests: { memory: "invalid" } } }],
    },
    told: /^Healthy $/,
  },
];

function rolloutOf(namespace: string, { name, labels, container, spec }: Stored): Rollout {
  const { spec: { selector: _, template, ...rest } } = webRollout(namespace, {
    replicas: 1,
    canary: {},
  });
  const app = name.slice(0, 63);
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name, namespace },
    spec: {
      ...rest,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app, ...labels } },
        spec: { ...template?.spec, containers: [{ ...CONTAINER, ...container }], ...spec },
      },
    },
  } as Rollout;
}

Deno.test("what was stored and cannot be used is told, or left out, on a real API server", () =>
  playServed(async ({ user, namespace }) => {
    const told = async ({ name }: Stored) => {
      const { status } = (await user.get(ROLLOUTS, { namespace, name })) as Rollout;
      return `${status?.phase} ${status?.message ?? ""}`;
    };
    for (const each of STORED) await user.create(ROLLOUTS, rolloutOf(namespace, each));
    for (const each of STORED) {
      const name = each.name.slice(0, 20);
      try {
        await until(`${name} as expected`, async () => each.told.test(await told(each)), 20_000);
      } catch {
        assert.match(await told(each), each.told, name);
      }
    }
    const { items } = await user.list(EVENTS, { namespace });
    const warned = items.filter(({ reason, type }) =>
      reason === "UnreadableField" && type === "Warning"
    )
      .map(({ message }) => String(message).split(": ").slice(0, 2).join(": "));
    assert.deepEqual(warned.sort(), [
      "Left out of the pod template: spec.template.spec.containers[0].resources.requests[memory]",
      "Left out of the pod template: spec.template.spec.containers[0].resources.requests[memory]",
      "Left out of the pod template: spec.template.spec.ephemeralContainers",
    ]);
  }));
