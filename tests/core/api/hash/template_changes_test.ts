/** Whatever changes in a large template, its hash changes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";
import { quantityMillis } from "../../../../core/api/values/quantity.ts";
import { templateHash } from "../../../../core/api/hash/template_hash.ts";
import { type Path, placesOf, replacedAt } from "./template_paths.ts";

/** As somebody would write it who uses much of what a pod can have; no field equals its default. */
const LARGE = {
  metadata: {
    labels: { app: "shop", "app.kubernetes.io/version": "1.2.3", tier: "" },
    annotations: { "prometheus.io/scrape": "true", note: "" },
  },
  spec: {
    serviceAccountName: "shop",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 65,
    priorityClassName: "high",
    nodeSelector: { disk: "ssd", spot: "" },
    imagePullSecrets: [{ name: "registry" }, { name: "mirror" }],
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      fsGroup: 2000,
      supplementalGroups: [3000, 4000],
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [{ name: "net.core.somaxconn", value: "1024" }],
    },
    initContainers: [{
      name: "migrate",
      image: "registry.example/shop-migrate:1.2.3",
      command: ["/migrate", "--wait"],
      env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "database", key: "url" } } }],
      resources: { limits: { memory: "256Mi" } },
    }],
    containers: [{
      name: "shop",
      image: "registry.example/shop:1.2.3",
      imagePullPolicy: "Always",
      command: ["/shop"],
      args: ["--port", "8080", ""],
      workingDir: "/srv",
      ports: [
        { name: "http", containerPort: 8080, hostPort: 18080 },
        { name: "dns", containerPort: 53, protocol: "UDP" },
      ],
      envFrom: [{ configMapRef: { name: "shop" } }, { prefix: "S_", secretRef: { name: "keys" } }],
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "$(A)2" },
        { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
      ],
      resources: {
        requests: { cpu: "250m", memory: "64Mi" },
        limits: { cpu: "2", memory: "1Gi", "example.com/gpu": 1 },
      },
      volumeMounts: [
        { name: "config", mountPath: "/etc/shop", readOnly: true },
        { name: "data", mountPath: "/data", subPath: "shop" },
      ],
      livenessProbe: {
        httpGet: { path: "/live", port: "http", httpHeaders: [{ name: "X", value: "1" }] },
        initialDelaySeconds: 5,
        timeoutSeconds: 2,
        periodSeconds: 20,
        failureThreshold: 6,
      },
      readinessProbe: { grpc: { port: 8080, service: "ready" }, successThreshold: 2 },
      startupProbe: { exec: { command: ["cat", "/ready"] }, failureThreshold: 30 },
      lifecycle: { preStop: { exec: { command: ["sleep", "10"] } } },
      terminationMessagePolicy: "FallbackToLogsOnError",
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "CHOWN"] },
      },
    }, { name: "proxy", image: "registry.example/proxy@sha256:".padEnd(94, "a"), tty: true }],
    volumes: [
      { name: "config", configMap: { name: "shop", defaultMode: 256, optional: true } },
      { name: "data", emptyDir: { medium: "Memory", sizeLimit: "1Gi" } },
      { name: "keys", secret: { secretName: "keys", items: [{ key: "a", path: "b", mode: 256 }] } },
      {
        name: "token",
        projected: {
          sources: [
            { serviceAccountToken: { path: "token", audience: "api", expirationSeconds: 600 } },
            { downwardAPI: { items: [{ path: "l", fieldRef: { fieldPath: "metadata.labels" } }] } },
          ],
        },
      },
      {
        name: "scratch",
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: "fast",
              resources: { requests: { storage: "10Gi" } },
            },
          },
        },
      },
    ],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] },
            { matchExpressions: [{ key: "arm", operator: "DoesNotExist" }] },
          ],
        },
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{
          weight: 50,
          podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: { app: "shop" } },
            namespaces: ["shop", "store"],
          },
        }],
      },
    },
    tolerations: [
      { key: "spot", operator: "Exists", effect: "NoSchedule" },
      { key: "old", operator: "Equal", value: "yes", tolerationSeconds: 0 },
    ],
    topologySpreadConstraints: [{
      maxSkew: 2,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
    }],
    dnsConfig: {
      nameservers: ["10.0.0.1", "10.0.0.2"],
      options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
    },
    hostAliases: [{ ip: "10.0.0.3", hostnames: ["db", "cache"] }],
    readinessGates: [{ conditionType: "example.com/ready" }],
    overhead: { cpu: "100m" },
  },
};
const HASH = templateHash(LARGE as PodTemplate);
const PLACES = [...placesOf(LARGE)];
const LEAVES = PLACES.filter(([, value]) => typeof value !== "object");
const LISTS = PLACES.filter((place): place is [Path, unknown[]] => Array.isArray(place[1]));

Deno.test("another value in any one place gives another hash", () => {
  assert.ok(LEAVES.length > 120, `${LEAVES.length}`);
  const change = fc.constantFrom(...LEAVES).chain(([path, value]) =>
    fc.tuple(fc.constant(path), otherThan(path, value))
  );
  fc.assert(
    fc.property(change, ([path, other]) => {
      assert.notEqual(hashOf(replacedAt(LARGE, path, other)), HASH, `${path.join(".")}: ${other}`);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("a field or an item that goes away gives another hash, each time another one", () => {
  const seen = new Map([[HASH, "all"]]);
  for (const [path] of PLACES) {
    const hash = hashOf(replacedAt(LARGE, path, undefined));
    const name = path.join(".");
    // A field that alone makes up its object goes away with it, or leaves an empty one behind.
    const other = seen.get(hash);
    assert.ok(other === undefined || (other !== "all" && name.startsWith(other)), name);
    seen.set(hash, name);
  }
});

Deno.test("another order of any list gives another hash", () => {
  for (const [path, list] of LISTS) {
    for (let at = 1; at < list.length; at++) {
      const swapped = list.toSpliced(at - 1, 2, list[at], list[at - 1]);
      assert.notEqual(hashOf(replacedAt(LARGE, path, swapped)), HASH, path.join("."));
    }
  }
});

Deno.test("an item that is there twice gives another hash", () => {
  for (const [path, list] of LISTS) {
    assert.notEqual(hashOf(replacedAt(LARGE, path, [...list, list.at(-1)])), HASH, path.join("."));
  }
});

Deno.test("another order of keys, and fields that are null, keep the hash", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
      const rewritten = rewrittenOf(LARGE, (below) => Number(numbers.next().value) % below);
      assert.equal(hashOf(rewritten), HASH, JSON.stringify(rewritten));
    }),
    { numRuns: 500 },
  );
});

Deno.test("an amount in any of its forms keeps the hash", () => {
  const forms: Record<string, readonly (string | number)[]> = {
    "250m": ["0.25", 0.25, ".25", "250000u", "2.5e-1"],
    "100m": [0.1, "0.10", "1e-1"],
    "64Mi": [67108864, "67108864", "65536Ki", "0.0625Gi"],
    "256Mi": ["262144Ki", 268435456, "0.25Gi"],
    "2": [2, "2000m", "2.0", "2e0", "0.002k"],
    "1Gi": [1073741824, "1024Mi", "1073741.824k"],
    "10Gi": ["10240Mi", 10737418240],
    "1m": ["0.001", 0.001, "1e-3"],
  };
  let seen = 0;
  for (const [path, value] of LEAVES.filter(([path]) => isAmount(path))) {
    for (const form of forms[String(value)] ?? []) {
      assert.equal(hashOf(replacedAt(LARGE, path, form)), HASH, `${path.join(".")}: ${form}`);
      seen++;
    }
  }
  assert.ok(seen > 20);
});

function hashOf(template: unknown): string {
  return templateHash(template as PodTemplate);
}

function isAmount(path: Path): boolean {
  return /(requests|limits|overhead)\.[^.]*$|sizeLimit$|divisor$/.test(path.join("."));
}

function otherThan(path: Path, value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "boolean") return fc.constant(!value);
  if (isAmount(path)) {
    const amount = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom("m", "", "k", "Mi"));
    return amount.map(([number, suffix]) => `${number}${suffix}`)
      .filter((other) => quantityMillis(other) !== quantityMillis(value as string | number));
  }
  if (typeof value === "number") {
    return fc.integer({ min: 1, max: 65535 }).filter((other) => other !== value);
  }
  const enumeration = ENUMERATIONS[String(path.at(-1))];
  const texts = enumeration === undefined
    ? fc.stringMatching(/^[ -~]{1,12}$/)
    : fc.constantFrom(...enumeration);
  return texts.filter((other) => other !== value);
}

const ENUMERATIONS: Record<string, readonly string[]> = {
  imagePullPolicy: ["Always", "IfNotPresent", "Never"],
  protocol: ["TCP", "UDP", "SCTP"],
  operator: ["In", "NotIn", "Exists", "DoesNotExist", "Equal"],
  effect: ["NoSchedule", "NoExecute", "PreferNoSchedule"],
  whenUnsatisfiable: ["DoNotSchedule", "ScheduleAnyway"],
  terminationMessagePolicy: ["File", "FallbackToLogsOnError"],
};

/** The same in other words: keys in another order, null fields between them. */
function rewrittenOf(value: unknown, numberBelow: (below: number) => number): unknown {
  if (Array.isArray(value)) return value.map((each) => rewrittenOf(each, numberBelow));
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    entries.splice(numberBelow(entries.length + 1), 0, [key, rewrittenOf(each, numberBelow)]);
  }
  const isMapOfTexts = entries.every(([, each]) => typeof each !== "object");
  if (!isMapOfTexts) entries.splice(numberBelow(entries.length), 0, ["other", null]);
  return Object.fromEntries(entries);
}
