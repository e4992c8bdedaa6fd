import assert from "node:assert/strict";
import fc from "fast-check";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";
import { equalTemplates } from "../../../../core/api/hash/normalise_template.ts";
import { templateHash } from "../../../../core/api/hash/template_hash.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";

function base(): Fields {
  return {
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [{
        name: "web",
        image: "nginx:1.19",
        ports: [{ name: "http", containerPort: 80 }],
        resources: { requests: { cpu: "500m", memory: "1Gi" } },
        env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
        readinessProbe: { httpGet: { port: 80 } },
        lifecycle: { preStop: { httpGet: { port: 80 } } },
        securityContext: {},
      }],
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "config", configMap: { name: "web" } },
        { name: "api", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
      ],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: { app: "web" } },
          }],
        },
      },
    },
  };
}

/** The base template with the value at a path replaced; undefined removes it. */
function changed(path: string, value: unknown): PodTemplate {
  const template = base();
  const names = path.split(".");
  const last = names.pop() as string;
  let place: Fields = template;
  for (const name of names) place = (place[name] ??= {}) as Fields;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return template as PodTemplate;
}

const BASE = base() as PodTemplate;
const POD = "spec.containers.0";
const TERM = "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0";

Deno.test("a template hashes alike with and without what Kubernetes fills in", () => {
  const rows: [string, unknown][] = [
    ["metadata.creationTimestamp", null],
    ["metadata.annotations", {}],
    ["metadata.labels.rollouts-pod-template-hash", "5bd695c454"],
    [`${POD}.ports.0.protocol`, "TCP"],
    [`${POD}.ports.0.hostPort`, 0],
    [`${POD}.imagePullPolicy`, "IfNotPresent"],
    [`${POD}.terminationMessagePath`, "/dev/termination-log"],
    [`${POD}.terminationMessagePolicy`, "File"],
    [`${POD}.securityContext`, undefined],
    [`${POD}.resources.limits`, {}],
    [`${POD}.resources.requests.cpu`, 0.5],
    [`${POD}.resources.requests.cpu`, "0.5"],
    [`${POD}.resources.requests.memory`, "1024Mi"],
    [`${POD}.resources.requests.memory`, 1073741824],
    [`${POD}.env.0.valueFrom.fieldRef.apiVersion`, "v1"],
    [`${POD}.readinessProbe.httpGet.path`, "/"],
    [`${POD}.readinessProbe.httpGet.scheme`, "HTTP"],
    [`${POD}.readinessProbe.timeoutSeconds`, 1],
    [`${POD}.readinessProbe.periodSeconds`, 10],
    [`${POD}.readinessProbe.successThreshold`, 1],
    [`${POD}.readinessProbe.failureThreshold`, 3],
    [`${POD}.lifecycle.preStop.httpGet.scheme`, "HTTP"],
    [`${POD}.command`, []],
    [`${POD}.stdin`, false],
    ["spec.restartPolicy", "Always"],
    ["spec.dnsPolicy", "ClusterFirst"],
    ["spec.schedulerName", "default-scheduler"],
    ["spec.securityContext", {}],
    ["spec.terminationGracePeriodSeconds", 30],
    ["spec.hostNetwork", false],
    ["spec.nodeSelector", {}],
    ["spec.initContainers", null],
    ["spec.volumes.0.emptyDir", undefined],
    ["spec.volumes.1.configMap.defaultMode", 420],
    ["spec.volumes.2.projected.defaultMode", 420],
    ["spec.volumes.2.projected.sources.0.serviceAccountToken.expirationSeconds", 3600],
  ];
  for (const [path, value] of rows) {
    const other = changed(path, value);
    assert.equal(templateHash(other), templateHash(BASE), `${path} ${JSON.stringify(value)}`);
    assert.ok(equalTemplates(other, BASE));
  }
});

Deno.test("every real change of a template changes its hash", () => {
  const rows: [string, unknown][] = [
    ["metadata.labels.tier", "front"],
    ["metadata.labels.tier", ""],
    ["metadata.annotations", { restarted: "" }],
    [`${POD}.image`, "nginx:1.20"],
    [`${POD}.imagePullPolicy`, "Always"],
    [`${POD}.ports.0.protocol`, "UDP"],
    [`${POD}.ports.0.hostPort`, 80],
    [`${POD}.resources.requests.cpu`, "501m"],
    [`${POD}.resources.requests.memory`, "1G"],
    [`${POD}.readinessProbe.timeoutSeconds`, 2],
    [`${POD}.readinessProbe.httpGet.path`, "/ready"],
    [`${POD}.readinessProbe.httpGet.port`, "80"],
    [`${POD}.command`, [""]],
    [`${POD}.tty`, true],
    [`${POD}.securityContext.runAsNonRoot`, false],
    [`${POD}.securityContext.seLinuxOptions`, {}],
    ["spec.terminationGracePeriodSeconds", 0],
    ["spec.automountServiceAccountToken", false],
    ["spec.serviceAccountName", "web"],
    ["spec.nodeSelector", { spot: "" }],
    ["spec.hostNetwork", true],
    ["spec.volumes.0.emptyDir", { medium: "Memory" }],
    ["spec.volumes.1.configMap.defaultMode", 256],
    ["spec.volumes.2.projected.sources.0.serviceAccountToken.expirationSeconds", 600],
    [`${TERM}.labelSelector`, {}],
    [`${TERM}.namespaceSelector`, {}],
    ["spec.unheardOf", true],
  ];
  const seen = new Map<string, string>([[templateHash(BASE), "base"]]);
  for (const [path, value] of rows) {
    const name = `${path} ${JSON.stringify(value)}`;
    const hash = templateHash(changed(path, value));
    assert.equal(seen.get(hash), undefined, `${name} hashes as ${seen.get(hash)}`);
    seen.set(hash, name);
  }
});

Deno.test("no labels are wanted by no selector: an empty selector and a missing one differ", () => {
  const empty = changed(`${TERM}.labelSelector`, {});
  const missing = changed(`${TERM}.labelSelector`, undefined);
  assert.notEqual(templateHash(empty), templateHash(missing));
});

Deno.test("the pull policy that an image gets by its tag is the default", () => {
  const rows: [string, string][] = [
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["localhost:5000/nginx", "Always"],
    ["nginx:1", "IfNotPresent"],
    ["localhost:5000/nginx:1", "IfNotPresent"],
    [
      "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "IfNotPresent",
    ],
    [
      "nginx:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "Always",
    ],
  ];
  for (const [image, policy] of rows) {
    const plain: PodTemplate = { spec: { containers: [{ name: "c", image }] } };
    const spelt = (imagePullPolicy: string): PodTemplate => ({
      spec: { containers: [{ name: "c", image, imagePullPolicy }] },
    });
    for (const each of ["Always", "IfNotPresent", "Never"]) {
      assert.equal(equalTemplates(spelt(each), plain), each === policy, `${image} ${each}`);
    }
  }
});

Deno.test("the deprecated name of the service account counts when it stands alone", () => {
  const by = (spec: Fields) => templateHash({ spec } as PodTemplate);
  assert.equal(by({ serviceAccount: "a" }), by({ serviceAccountName: "a" }));
  assert.equal(
    by({ serviceAccount: "a", serviceAccountName: "a" }),
    by({ serviceAccountName: "a" }),
  );
  assert.equal(
    by({ serviceAccount: "b", serviceAccountName: "a" }),
    by({ serviceAccountName: "a" }),
  );
});

Deno.test("on the host's network a port mirrored into hostPort says nothing", () => {
  const by = (hostNetwork: boolean, port: Fields) =>
    templateHash({
      spec: { hostNetwork, containers: [{ name: "c", ports: [port] }] },
    } as unknown as PodTemplate);
  assert.equal(by(true, { containerPort: 80, hostPort: 80 }), by(true, { containerPort: 80 }));
  assert.notEqual(by(false, { containerPort: 80, hostPort: 80 }), by(false, { containerPort: 80 }));
});

Deno.test("a hash is made of letters that spell nothing, and a collision count changes it", () => {
  fc.assert(fc.property(fc.nat(1000), (count) => {
    assert.match(templateHash(BASE, count), /^[456789bcdf]{1,10}$/);
    assert.notEqual(templateHash(BASE, count), templateHash(BASE));
    assert.notEqual(templateHash(BASE, count), templateHash(BASE, count + 1));
  }));
});

Deno.test("hashing changes no template and depends on no order of keys", () => {
  const template = base();
  const before = JSON.stringify(template);
  const reversed = JSON.parse(
    before,
    (_key, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
  );
  assert.equal(templateHash(template as PodTemplate), templateHash(reversed));
  assert.equal(JSON.stringify(template), before);
});

Deno.test("anything that stands where a template should is hashed without a crash", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.match(templateHash(value as PodTemplate), /^[456789bcdf]+$/);
    const spec = { metadata: { labels: value }, spec: { containers: value, volumes: value } };
    assert.match(templateHash(spec as unknown as PodTemplate), /^[456789bcdf]+$/);
  }));
});

Deno.test("the hash of a template is what it was in every version before", () => {
  const template: PodTemplate = {
    metadata: { labels: { app: "web" } },
    spec: {
      containers: [{
        name: "web",
        image: "nginx:1.19",
        ports: [{ containerPort: 80, protocol: "TCP" }],
        resources: { requests: { cpu: "500m", memory: "1Gi" } },
      }],
    },
  };
  assert.equal(templateHash(template), "7d88547c6");
});
