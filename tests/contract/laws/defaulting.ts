/** Laws of defaults: what the server adds to the objects that we create. */
import assert from "node:assert/strict";
import {
  DEPLOYMENTS,
  EVENTS,
  NAMESPACES,
  POD_TEMPLATES,
  PODS,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../../core/api/names/resources.ts";
import { at, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import {
  deployment,
  event,
  labelsOf,
  pod,
  podTemplate,
  replicaSet,
  rollout,
  service,
} from "../manifests.ts";
import type { Subject } from "../subject.ts";

const containerDefaults = {
  imagePullPolicy: "IfNotPresent",
  resources: {},
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
};

const podDefaults = {
  dnsPolicy: "ClusterFirst",
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

const plainTemplate = {
  metadata: { labels: labelsOf("a") },
  spec: {
    ...podDefaults,
    containers: [{ ...containerDefaults, image: "registry.test/main:1.0", name: "main" }],
  },
};

/** The strategy of a Deployment, as stored. */
async function storedStrategy({ cluster, namespace }: Subject, strategy: unknown) {
  const home = await namespace();
  const created = await cluster.create(DEPLOYMENTS, deployment(home, "a", { strategy }));
  return at(created, "spec", "strategy");
}

/** The first container of a ReplicaSet's template, as stored. */
async function stored({ cluster, namespace }: Subject, container: Record<string, unknown>) {
  const home = await namespace();
  const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a", { container }));
  return at(created, "spec", "template", "spec", "containers", 0);
}

export const laws = lawsOf("defaulting", {
  "a ReplicaSet's template is stored with all its defaults": async ({ cluster, namespace }) => {
    const home = await namespace();
    const object = replicaSet(home, "a", { container: { ports: [{ containerPort: 80 }] } });
    const created = await cluster.create(REPLICA_SETS, object);
    assert.deepEqual(created["spec"], {
      replicas: 0,
      selector: { matchLabels: labelsOf("a") },
      template: {
        metadata: { labels: labelsOf("a") },
        spec: {
          ...podDefaults,
          containers: [{
            ...containerDefaults,
            image: "registry.test/main:1.0",
            name: "main",
            ports: [{ containerPort: 80, protocol: "TCP" }],
          }],
        },
      },
    });
    assert.deepEqual(created["status"], { replicas: 0 });
  },

  "a ReplicaSet without replicas gets one": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = replicaSet(home, "a");
    const { replicas: _replicas, ...spec } = wanted["spec"] as Record<string, unknown>;
    const created = await cluster.create(REPLICA_SETS, { ...wanted, spec });
    assert.equal(at(created, "spec", "replicas"), 1);
  },

  "a Deployment gets a strategy, a history and a deadline": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = deployment(home, "a");
    const { replicas: _replicas, ...spec } = wanted["spec"] as Record<string, unknown>;
    const created = await cluster.create(DEPLOYMENTS, { ...wanted, spec });
    assert.deepEqual(created["spec"], {
      progressDeadlineSeconds: 600,
      replicas: 1,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labelsOf("a") },
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
      },
      template: plainTemplate,
    });
    assert.deepEqual(created["status"], {});
  },

  "a Deployment's strategy is completed, the other one is left alone": async (subject) => {
    const quarter = "25%";
    const rows: [unknown, unknown][] = [
      [null, { maxSurge: quarter, maxUnavailable: quarter }],
      [{ rollingUpdate: {} }, { maxSurge: quarter, maxUnavailable: quarter }],
      [{ rollingUpdate: { maxSurge: 1 } }, { maxSurge: 1, maxUnavailable: quarter }],
      [{ rollingUpdate: { maxUnavailable: 0 } }, { maxSurge: quarter, maxUnavailable: 0 }],
    ];
    for (const [strategy, rollingUpdate] of rows) {
      const stored = await storedStrategy(subject, strategy);
      assert.deepEqual(stored, { type: "RollingUpdate", rollingUpdate });
    }
    const recreate = { type: "Recreate" };
    assert.deepEqual(await storedStrategy(subject, recreate), recreate);
  },

  "a PodTemplate is stored with all the defaults of pods": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = { ...podTemplate(home, "a"), status: { phase: "Ready" } };
    const { metadata: _metadata, ...fields } = await cluster.create(POD_TEMPLATES, wanted);
    assert.deepEqual(fields, { apiVersion: "v1", kind: "PodTemplate", template: plainTemplate });
  },

  "a ReplicaSet without labels of its own gets none from its template": async (subject) => {
    const home = await subject.namespace();
    const created = await subject.cluster.create(REPLICA_SETS, replicaSet(home, "a"));
    assert.equal(created.metadata.labels, undefined);
  },

  "the image's tag decides whether it is pulled again": async (subject) => {
    const rows = {
      "registry.test/main:1.0": "IfNotPresent",
      "registry.test/main:latest": "Always",
      "registry.test/main": "Always",
      "registry.test:5000/main": "Always",
      [`registry.test/main@sha256:${"a".repeat(64)}`]: "IfNotPresent",
    };
    for (const [image, policy] of Object.entries(rows)) {
      assert.equal(at(await stored(subject, { image }), "imagePullPolicy"), policy, image);
    }
  },

  "what is no name of an image is pulled if it is not present": async (subject) => {
    for (const image of ['""', "::", "web:1:2"]) {
      assert.equal(at(await stored(subject, { image }), "imagePullPolicy"), "IfNotPresent", image);
    }
  },

  "probes get periods and thresholds, HTTP ones a path and a scheme": async (subject) => {
    const probed = await stored(subject, {
      readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 3 },
      livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 7 },
    });
    const thresholds = { failureThreshold: 3, successThreshold: 1, timeoutSeconds: 1 };
    assert.deepEqual(at(probed, "readinessProbe"), {
      ...thresholds,
      periodSeconds: 10,
      httpGet: { path: "/", port: 80, scheme: "HTTP" },
      initialDelaySeconds: 3,
    });
    assert.deepEqual(at(probed, "livenessProbe"), {
      ...thresholds,
      periodSeconds: 7,
      tcpSocket: { port: 80 },
    });
  },

  "references in the environment get their API version, limits become requests": async (
    subject,
  ) => {
    const container = await stored(subject, {
      env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
      resources: { limits: { cpu: "1", memory: "64Mi" }, requests: { cpu: "100m" } },
    });
    assert.deepEqual(at(container, "env", 0, "valueFrom"), {
      fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" },
    });
    assert.deepEqual(at(container, "resources"), {
      limits: { cpu: "1", memory: "64Mi" },
      requests: { cpu: "100m" },
    });
  },

  "volumes get modes, a service account its old name": async ({ cluster, namespace }) => {
    const home = await namespace();
    const spec = {
      serviceAccountName: "robot",
      volumes: [
        { name: "one", configMap: { name: "one" } },
        { name: "two", secret: { secretName: "two" } },
        { name: "three", emptyDir: {} },
      ],
    };
    const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a", { spec }));
    const template = at(created, "spec", "template", "spec");
    assert.equal(at(template, "serviceAccount"), "robot");
    assert.deepEqual(at(template, "volumes"), [
      { name: "one", configMap: { name: "one", defaultMode: 420 } },
      { name: "two", secret: { secretName: "two", defaultMode: 420 } },
      { name: "three", emptyDir: {} },
    ]);
  },

  "null and empty values are dropped from a template": async ({ cluster, namespace }) => {
    const home = await namespace();
    const spec = { nodeSelector: null, hostAliases: [], hostNetwork: false };
    const container = { command: null, args: [], env: null, resources: null };
    const created = await cluster.create(REPLICA_SETS, replicaSet(home, "a", { spec, container }));
    assert.deepEqual(at(created, "spec", "template", "spec"), {
      ...podDefaults,
      containers: [{ ...containerDefaults, image: "registry.test/main:1.0", name: "main" }],
    });
  },

  "a Service gets an address, a type and a target port": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(SERVICES, service(home, "a"));
    const { clusterIP, ...spec } = created["spec"] as Record<string, unknown>;
    assert.match(String(clusterIP), /^10\.\d{1,3}\.\d{1,3}\.\d{1,3}$/);
    assert.deepEqual(spec, {
      clusterIPs: [clusterIP],
      internalTrafficPolicy: "Cluster",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
      selector: labelsOf("a"),
      sessionAffinity: "None",
      type: "ClusterIP",
    });
    assert.deepEqual(created["status"], { loadBalancer: {} });
  },

  "a Service keeps its address, also when a writer leaves it out": async (subject) => {
    const { cluster, namespace } = subject;
    const home = await namespace();
    const ref = { namespace: home, name: "a" };
    const created = await cluster.create(SERVICES, service(home, "a"));
    const updated = await cluster.update(SERVICES, service(home, "a", { selector: { app: "b" } }));
    assert.deepEqual(updated["spec"], { ...created["spec"] as object, selector: { app: "b" } });
    const moved = { type: "merge", body: { spec: { clusterIP: "None" } } } as const;
    await refused(cluster.patch(SERVICES, ref, moved), {
      code: 422,
      reason: "Invalid",
      message: /may not change once set/,
    });
  },

  "a headless Service gets no address": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(SERVICES, service(home, "a", { clusterIP: "None" }));
    assert.equal(at(created, "spec", "clusterIP"), "None");
    assert.deepEqual(at(created, "spec", "clusterIPs"), ["None"]);
  },

  "two Services get two addresses": async ({ cluster, namespace }) => {
    const home = await namespace();
    const one = await cluster.create(SERVICES, service(home, "a"));
    const two = await cluster.create(SERVICES, service(home, "b"));
    assert.notEqual(at(one, "spec", "clusterIP"), at(two, "spec", "clusterIP"));
  },

  "a pod starts Pending, with its quality of service and tolerations": async (subject) => {
    const home = await subject.namespace();
    const created = await subject.cluster.create(PODS, pod(home, "a"));
    assert.deepEqual(created["status"], { phase: "Pending", qosClass: "BestEffort" });
    const spec = created["spec"] as Record<string, unknown>;
    const expected: Record<string, unknown> = {
      ...podDefaults,
      enableServiceLinks: true,
      preemptionPolicy: "PreemptLowerPriority",
      priority: 0,
    };
    for (const [field, value] of Object.entries(expected)) {
      assert.deepEqual(spec[field], value, field);
    }
    const forSeconds = { effect: "NoExecute", operator: "Exists", tolerationSeconds: 300 };
    assert.deepEqual(spec["tolerations"], [
      { ...forSeconds, key: "node.kubernetes.io/not-ready" },
      { ...forSeconds, key: "node.kubernetes.io/unreachable" },
    ]);
  },

  "an Event is stored with all its empty fields": async ({ cluster, namespace }) => {
    const home = await namespace();
    const created = await cluster.create(EVENTS, event(home, "a", { reason: "Tested" }));
    const { metadata: _metadata, ...fields } = created;
    assert.deepEqual(fields, {
      apiVersion: "v1",
      kind: "Event",
      eventTime: null,
      firstTimestamp: null,
      involvedObject: { kind: "ConfigMap", name: "a", namespace: home },
      lastTimestamp: null,
      reason: "Tested",
      reportingComponent: "",
      reportingInstance: "",
      source: {},
    });
  },

  "a namespace is Active, and carries its name as a label": async ({ cluster, namespace }) => {
    const home = await namespace();
    const read = await cluster.get(NAMESPACES, { name: home });
    assert.deepEqual(read["status"], { phase: "Active" });
    assert.deepEqual(read["spec"], { finalizers: ["kubernetes"] });
    assert.deepEqual(read.metadata.labels, { "kubernetes.io/metadata.name": home });
  },

  "a Rollout's spec is stored as it was sent": async ({ cluster, namespace }) => {
    const home = await namespace();
    const wanted = rollout(home, "a");
    const created = await cluster.create(ROLLOUTS, wanted);
    assert.deepEqual(created["spec"], wanted["spec"]);
  },
});
