/** Laws of refusals: what the server does not take, and what it says. */
import assert from "node:assert/strict";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  EVENTS,
  NAMESPACES,
  POD_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import {
  configMap,
  deployment,
  event,
  labelsOf,
  pod,
  podSpec,
  podTemplate,
  replicaSet,
  rollout,
  service,
} from "../manifests.ts";
import type { Subject } from "../subject.ts";

function notFound(what: string) {
  return { code: 404, reason: "NotFound", message: `${what} not found` };
}

function invalid(message: string | RegExp) {
  return { code: 422, reason: "Invalid", message };
}

/** What a Deployment is refused for, by what its spec says. */
const deploymentRefusals: readonly (readonly [Record<string, unknown>, string | RegExp])[] = [
  [{ selector: {} }, "spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  [
    { selector: { matchLabels: { app: "b" } } },
    'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match ' +
    "template `labels`",
  ],
  [{ replicas: -1 }, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"],
  [
    { revisionHistoryLimit: -1 },
    "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0",
  ],
  [
    { minReadySeconds: 600 },
    "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds",
  ],
  [
    { progressDeadlineSeconds: 0 },
    "spec.progressDeadlineSeconds: Invalid value: 0: must be greater than minReadySeconds",
  ],
  [
    { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is " +
    "'Recreate'",
  ],
  [
    { strategy: { type: "Other" } },
    'spec.strategy: Unsupported value: {"Type":"Other","RollingUpdate":null}: supported values: ' +
    '"Recreate", "RollingUpdate"',
  ],
  [
    { strategy: { rollingUpdate: { maxSurge: "0%", maxUnavailable: 0 } } },
    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` " +
    "is 0",
  ],
  [
    { strategy: { rollingUpdate: { maxSurge: -1 } } },
    "spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0",
  ],
  [
    { strategy: { rollingUpdate: { maxUnavailable: "101%" } } },
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than ' +
    "100%",
  ],
  [
    { strategy: { rollingUpdate: { maxUnavailable: "some" } } },
    /^Deployment\.apps "a" is invalid: spec\.strategy\.rollingUpdate\.maxUnavailable: Invalid value: "some": a valid percent string must/,
  ],
  [
    { template: { metadata: { labels: labelsOf("a") }, spec: { containers: [] } } },
    "spec.template.spec.containers: Required value",
  ],
  [
    {
      template: {
        metadata: { labels: labelsOf("a") },
        spec: podSpec({ spec: { restartPolicy: "Never" } }),
      },
    },
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
];

/** A ReplicaSet with this in its spec. */
function withSpec(object: KubeObject, fields: Record<string, unknown>): KubeObject {
  return { ...object, spec: { ...(object["spec"] as object), ...fields } };
}

async function refusesAbsent({ cluster, namespace }: Subject): Promise<void> {
  const home = await namespace();
  const ref = { namespace: home, name: "none" };
  const patch = { type: "merge", body: { metadata: { labels: { a: "b" } } } } as const;
  const rows: [ResourceType, KubeObject, string][] = [
    [CONFIG_MAPS, configMap(home, "none"), 'configmaps "none"'],
    [REPLICA_SETS, replicaSet(home, "none"), 'replicasets.apps "none"'],
    [DEPLOYMENTS, deployment(home, "none"), 'deployments.apps "none"'],
    [POD_TEMPLATES, podTemplate(home, "none"), 'podtemplates "none"'],
    [ROLLOUTS, rollout(home, "none"), 'rollouts.argoproj.io "none"'],
  ];
  for (const [type, object, what] of rows) {
    await refused(cluster.get(type, ref), notFound(what));
    await refused(cluster.patch(type, ref, patch), notFound(what));
    await refused(cluster.delete(type, ref), notFound(what));
    const known = { ...object, metadata: { ...object.metadata, resourceVersion: "1" } };
    await refused(cluster.update(type, known), notFound(what));
  }
}

const subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric " +
  "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. " +
  "'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

export const laws = lawsOf("validation", {
  "an object that is not there is not found, whatever is asked of it": refusesAbsent,

  "a name is taken once": async ({ cluster, namespace }) => {
    const home = await namespace();
    const rows: [ResourceType, KubeObject, string][] = [
      [CONFIG_MAPS, configMap(home, "a"), 'configmaps "a"'],
      [REPLICA_SETS, replicaSet(home, "a"), 'replicasets.apps "a"'],
      [DEPLOYMENTS, deployment(home, "a"), 'deployments.apps "a"'],
      [POD_TEMPLATES, podTemplate(home, "a"), 'podtemplates "a"'],
      [ROLLOUTS, rollout(home, "a"), 'rollouts.argoproj.io "a"'],
    ];
    for (const [type, object, what] of rows) {
      await cluster.create(type, object);
      const message = `${what} already exists`;
      await refused(cluster.create(type, object), { code: 409, reason: "AlreadyExists", message });
    }
  },

  "a namespace must be there before what lives in it": async ({ cluster }) => {
    const absent = notFound('namespaces "nowhere"');
    await refused(cluster.create(CONFIG_MAPS, configMap("nowhere", "a")), absent);
    await refused(cluster.get(NAMESPACES, { name: "nowhere" }), absent);
    assert.deepEqual((await cluster.list(CONFIG_MAPS, { namespace: "nowhere" })).items, []);
  },

  "a kind that the server does not know is not found": async ({ cluster, namespace }) => {
    const home = await namespace();
    const type = { ...ROLLOUTS, plural: "rollups", kind: "Rollup" };
    const refusal = { code: 404, reason: "NotFound" };
    await refused(cluster.list(type, { namespace: home }), refusal);
    const object = { ...rollout(home, "a"), kind: "Rollup" };
    await refused(cluster.create(type, object), refusal);
  },

  "names follow RFC 1123": async ({ cluster, namespace }) => {
    const home = await namespace();
    await refused(
      cluster.create(CONFIG_MAPS, configMap(home, "Not_a_name")),
      invalid(
        `ConfigMap "Not_a_name" is invalid: metadata.name: Invalid value: "Not_a_name": ` +
          subdomain,
      ),
    );
    await refused(
      cluster.create(ROLLOUTS, rollout(home, "Not_a_name")),
      invalid(
        `Rollout.argoproj.io "Not_a_name" is invalid: metadata.name: Invalid value: ` +
          `"Not_a_name": ${subdomain}`,
      ),
    );
    await cluster.create(CONFIG_MAPS, configMap(home, "a.dotted.name"));
    const dotted = cluster.create(SERVICES, service(home, "a.dotted.name"));
    await refused(dotted, invalid(/^Service "a.dotted.name" is invalid: metadata\.name: Invalid/));
    const long = configMap(home, "a".repeat(254));
    await refused(cluster.create(CONFIG_MAPS, long), invalid(/must be no more than 253/));
  },

  "labels and annotations follow their syntax": async ({ cluster, namespace }) => {
    const home = await namespace();
    const rows = [
      { labels: { a: "not a value" } },
      { labels: { "not a key": "a" } },
      { labels: { a: "x".repeat(64) } },
      { annotations: { "not a key": "a" } },
    ];
    for (const metadata of rows) {
      const create = cluster.create(CONFIG_MAPS, configMap(home, "a", metadata));
      await refused(create, invalid(/metadata\.(labels|annotations): Invalid value/));
    }
  },

  "annotations hold 256 KiB at most": async ({ cluster, namespace }) => {
    const home = await namespace();
    const annotations = { big: "x".repeat(256 * 1024) };
    const message = 'ConfigMap "a" is invalid: metadata.annotations: Too long: may not be more ' +
      "than 262144 bytes";
    await refused(
      cluster.create(CONFIG_MAPS, configMap(home, "a", { annotations })),
      invalid(message),
    );
    const fitting = { big: "x".repeat(256 * 1024 - 3) };
    await cluster.create(CONFIG_MAPS, configMap(home, "b", { annotations: fitting }));
  },

  "an object holds 1.5 MiB at most": async ({ cluster, namespace }) => {
    const home = await namespace();
    const big = (characters: number) => rollout(home, "a", { notes: "x".repeat(characters) });
    await refused(cluster.create(ROLLOUTS, big(1_600_000)), {
      code: 500,
      reason: "InternalError",
      message: "etcdserver: request is too large",
    });
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const body = { spec: { notes: "x".repeat(1_600_000) } };
    const ref = { namespace: home, name: "a" };
    await refused(cluster.patch(ROLLOUTS, ref, { type: "merge", body }), {
      code: 500,
      reason: "InternalError",
      message: "etcdserver: request is too large",
    });
    await refused(cluster.create(ROLLOUTS, big(3_200_000)), {
      code: 413,
      reason: "RequestEntityTooLarge",
      message: /^Request entity too large: limit is 3145728/,
    });
  },

  "a Rollout needs what its schema requires": async ({ cluster, namespace }) => {
    const { spec: _spec, ...bare } = rollout(await namespace(), "a");
    const message = 'Rollout.argoproj.io "a" is invalid: [spec: Required value, <nil>: Invalid ' +
      "value: null: some validation rules were not checked because the object was invalid; " +
      "correct the existing errors to complete validation]";
    await refused(cluster.create(ROLLOUTS, bare), invalid(message));
  },

  "a ReplicaSet needs a selector that its template matches": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a");
    const create = (selector: unknown) =>
      cluster.create(REPLICA_SETS, withSpec(wanted, { selector }));
    await refused(create(undefined), invalid(/spec\.selector: Required value/));
    await refused(
      create({}),
      invalid(/spec\.selector: Invalid value: .*empty selector is invalid/),
    );
    await refused(
      create({ matchLabels: { app: "b" } }),
      invalid(
        'ReplicaSet.apps "a" is invalid: spec.template.metadata.labels: Invalid value: ' +
          '{"app":"a"}: `selector` does not match template `labels`',
      ),
    );
  },

  "the selector of a ReplicaSet stays": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a");
    await cluster.create(REPLICA_SETS, wanted);
    const labels = { app: "a", more: "yes" };
    const { template } = wanted["spec"] as { template: object };
    const changed = withSpec(wanted, {
      selector: { matchLabels: labels },
      template: { ...template, metadata: { labels } },
    });
    await refused(
      cluster.update(REPLICA_SETS, changed),
      invalid(
        'ReplicaSet.apps "a" is invalid: spec.selector: Invalid value: ' +
          '{"matchLabels":{"app":"a","more":"yes"}}: field is immutable',
      ),
    );
  },

  "a ReplicaSet has no fewer than 0 replicas": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a", { replicas: -1 });
    const message = 'ReplicaSet.apps "a" is invalid: spec.replicas: Invalid value: -1: must be ' +
      "greater than or equal to 0";
    await refused(cluster.create(REPLICA_SETS, wanted), invalid(message));
    await cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    const patch = { type: "merge", body: { spec: { replicas: -1 } } } as const;
    await refused(
      cluster.patch(REPLICA_SETS, { namespace: home, name: "a" }, patch),
      invalid(message),
    );
  },

  "a Deployment needs a strategy that can end, and numbers that make sense": async (subject) => {
    const home = await subject.namespace();
    for (const [spec, message] of deploymentRefusals) {
      const refusal = typeof message === "string"
        ? `Deployment.apps "a" is invalid: ${message}`
        : message;
      await refused(
        subject.cluster.create(DEPLOYMENTS, deployment(home, "a", spec)),
        invalid(refusal),
      );
    }
  },

  "the selector of a Deployment stays, and a strategy is exchanged as a whole": async (subject) => {
    const { cluster } = subject;
    const home = await subject.namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(DEPLOYMENTS, deployment(home, "a"));
    const merge = (spec: unknown) =>
      cluster.patch(DEPLOYMENTS, ref, { type: "merge", body: { spec } });
    const more = { b: "c" };
    const selector = { matchLabels: more };
    await refused(
      merge({ selector, template: { metadata: { labels: more } } }),
      invalid(
        'Deployment.apps "a" is invalid: spec.selector: Invalid value: ' +
          '{"matchLabels":{"app":"a","b":"c"}}: field is immutable',
      ),
    );
    await refused(merge({ strategy: { type: "Recreate" } }), invalid(/Forbidden: may not be/));
    await merge({ strategy: { type: "Recreate", rollingUpdate: null } });
  },

  "a PodTemplate needs containers, which need not run for ever": async (subject) => {
    const { cluster } = subject;
    const home = await subject.namespace();
    const { template: _template, ...bare } = podTemplate(home, "a");
    const nothing = 'PodTemplate "a" is invalid: template.spec.containers: Required value';
    await refused(cluster.create(POD_TEMPLATES, bare as KubeObject), invalid(nothing));
    const labels = { a: "not a value" };
    const mislabelled = { ...bare, template: { metadata: { labels }, spec: podSpec() } };
    await refused(
      cluster.create(POD_TEMPLATES, mislabelled as KubeObject),
      invalid(/^PodTemplate "a" is invalid: template\.labels: Invalid value: "not a value"/),
    );
    const once = podTemplate(home, "a", { spec: { restartPolicy: "Never" } });
    await cluster.create(POD_TEMPLATES, once);
  },

  "a pod needs containers with a name and an image": async ({ cluster, namespace }) => {
    const home = await namespace();
    const create = (spec: Record<string, unknown>) =>
      cluster.create(REPLICA_SETS, replicaSet(home, "a", { spec }));
    const at = "spec.template.spec.containers";
    const is = `ReplicaSet.apps "a" is invalid: ${at}`;
    await refused(create({ containers: [] }), invalid(`${is}: Required value`));
    await refused(
      create({ containers: [{ name: "b" }] }),
      invalid(`${is}[0].image: Required value`),
    );
    await refused(
      create({ containers: [{ image: "b" }] }),
      invalid(`${is}[0].name: Required value`),
    );
    const twins = [{ name: "b", image: "b" }, { name: "b", image: "b" }];
    await refused(create({ containers: twins }), invalid(`${is}[1].name: Duplicate value: "b"`));
  },

  "a pod's spec stays, but for images": async ({ cluster, namespace }) => {
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    await cluster.create(PODS, pod(home, "a"));
    const containers = [{ name: "main", image: "registry.test/b:2", workingDir: "/elsewhere" }];
    const patch = { type: "strategic", body: { spec: { containers } } } as const;
    await refused(cluster.patch(PODS, ref, patch), {
      code: 422,
      reason: "Invalid",
      message: /^Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than/,
    });
  },

  "a Service needs ports, with numbers that exist": async ({ cluster, namespace }) => {
    const home = await namespace();
    const create = (ports: unknown) => cluster.create(SERVICES, service(home, "a", { ports }));
    await refused(create([]), invalid(/spec\.ports: Required value/));
    await refused(
      create([{ port: 0 }]),
      invalid(/spec\.ports\[0\]\.port: Invalid value: 0: must be/),
    );
    const unnamed = create([{ port: 80 }, { port: 81 }]);
    await refused(unnamed, invalid(/spec\.ports\[0\]\.name: Required value/));
  },

  "an Event lives where its object does": async ({ cluster, namespace }) => {
    const [here, there] = [await namespace(), await namespace()];
    const involvedObject = { kind: "ConfigMap", namespace: there, name: "a" };
    await refused(
      cluster.create(EVENTS, event(here, "a", { involvedObject })),
      invalid(
        `Event "a" is invalid: involvedObject.namespace: Invalid value: "${there}": does ` +
          "not match event.namespace",
      ),
    );
  },

  "a field of the wrong type cannot be read": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = withSpec(replicaSet(home, "a"), { replicas: "three" });
    await refused(cluster.create(REPLICA_SETS, wanted), {
      code: 400,
      reason: "BadRequest",
      message: /ReplicaSet in version "v1" cannot be handled as a ReplicaSet/,
    });
  },

  "the selector of a Rollout stays as it is": async ({ cluster, namespace }) => {
    const home = await namespace();
    await cluster.create(ROLLOUTS, rollout(home, "a"));
    const ref = { namespace: home, name: "a" };
    const change = (selector: unknown) =>
      cluster.patch(ROLLOUTS, ref, { type: "merge", body: { spec: { selector } } });
    await refused(
      change({ matchLabels: { tier: "web" } }),
      invalid(
        'Rollout.argoproj.io "a" is invalid: spec.selector: Invalid value: the field is immutable',
      ),
    );
    await change({ matchLabels: labelsOf("a") });
    // What is taken away may be set anew.
    await change(null);
    await change({ matchLabels: { tier: "web" } });
    const { selector } = (await cluster.get(ROLLOUTS, ref))["spec"] as { selector: unknown };
    assert.deepEqual(selector, { matchLabels: { tier: "web" } });
  },

  "nothing is stored of what is refused": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a", { labels: labelsOf("a") });
    const created = await cluster.create(REPLICA_SETS, wanted);
    const ref = { namespace: home, name: "a" };
    const body = { metadata: { labels: { fine: "yes" } }, spec: { replicas: -1 } };
    await refused(cluster.patch(REPLICA_SETS, ref, { type: "merge", body }), invalid(/replicas/));
    const read = await cluster.get(REPLICA_SETS, ref);
    assert.deepEqual(read["spec"], created["spec"]);
    assert.deepEqual(read.metadata.labels, created.metadata.labels);
  },
});
