/** One place of a good template made wrong, and the words for it. */
import assert from "node:assert/strict";
import { pathText } from "../../../../sdk/wire/field_place.ts";
import type { Json } from "../../../../sdk/wire/json.ts";
import { type Edit, edited } from "./edits.ts";
import { lintErrors, TEMPLATES } from "./sample.ts";

type Row = readonly [
  at: string,
  value: Json | undefined,
  /** Where the error stands, if not there. */
  path: string,
  text: string,
];

const LABEL = /a lowercase RFC 1123 label must consist of/;

const ROWS: Row[] = [
  // Volumes.
  ["volumes", 5, "", "must be a list, but is the number 5"],
  ["volumes.0.emptyDir.sizeLimit", "-1", "", "must not be negative, but is -1"],
  ["volumes.1.configMap.defaultMode", 512, "", "must be from 0 to 0777 (octal; 511), but is 512"],
  ["volumes.1.configMap.items.0.path", "../up", "", 'must not have "..", but is "../up"'],
  ["volumes.1.configMap.items.0.key", undefined, "", "is required"],
  ["volumes.3.secret.items.0.path", "/a", "", 'must be a relative path, but is "/a"'],
  [
    "volumes.4.downwardAPI.items.0.fieldRef.fieldPath",
    "spec.nodeName",
    "",
    "must be one of metadata.annotations, metadata.labels, metadata.name, metadata.namespace, " +
    `metadata.uid, metadata.labels['KEY'], metadata.annotations['KEY'], but is "spec.nodeName"`,
  ],
  ["volumes.4.downwardAPI.items.1.resourceFieldRef.containerName", "", "", "is required"],
  [
    "volumes.5.projected.sources.3.serviceAccountToken.expirationSeconds",
    60,
    "",
    "must be 600 or more, but is 60",
  ],
  [
    "volumes.5.projected.sources.1.configMap.items.0.path",
    "tls.key",
    "",
    'is the path of another file, too: "tls.key"',
  ],
  ["volumes.8.ephemeral.volumeClaimTemplate.spec.accessModes", [], "", "is required"],
  [
    "volumes.8.ephemeral.volumeClaimTemplate.spec.resources.requests.storage",
    "0",
    "",
    "must be more than 0, but is 0",
  ],
  ["volumes.9.csi.driver", undefined, "", "is required"],
  ["volumes.10.nfs.path", "share", "", 'must be an absolute path, but is "share"'],
  [
    "volumes.2.hostPath.type",
    "Folder",
    "",
    "must be one of DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, " +
    'BlockDevice, but is "Folder"',
  ],
  // Environment.
  [
    "containers.0.env.1.valueFrom.fieldRef.fieldPath",
    "metadata.nam",
    "",
    "must be one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, " +
    "spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, " +
    `metadata.labels['KEY'], metadata.annotations['KEY'], but is "metadata.nam"`,
  ],
  [
    "containers.0.env.3.valueFrom.resourceFieldRef.resource",
    "cpu",
    "",
    "must be one of limits.cpu, limits.memory, limits.ephemeral-storage, requests.cpu, " +
    'requests.memory, requests.ephemeral-storage, but is "cpu"',
  ],
  [
    "containers.0.env.3.valueFrom.resourceFieldRef.divisor",
    "1Mi",
    "",
    "must be one of 1m, 1, but is 1Mi",
  ],
  [
    "containers.0.env.4.valueFrom.configMapKeyRef.key",
    "a b",
    "",
    'must be a key of letters, digits, "-", "_" and ".", but is "a b"',
  ],
  ["containers.0.envFrom.0", { prefix: "A_" }, "", "must have one of configMapRef, secretRef"],
  // Probes and handlers.
  ["containers.0.livenessProbe.timeoutSeconds", -1, "", ""],
  [
    "containers.0.livenessProbe.httpGet.httpHeaders.0.name",
    "a b",
    "",
    'must be the name of an HTTP header, but is "a b"',
  ],
  ["containers.1.livenessProbe.exec.command", [], "", "is required"],
  [
    "containers.0.lifecycle.preStop.sleep.seconds",
    31,
    "",
    "must be from 0 to 30, but is 31",
  ],
  [
    "containers.0.readinessProbe.terminationGracePeriodSeconds",
    5,
    "",
    "must not be set: a readiness probe ends no container",
  ],
  // Resources.
  [
    "containers.0.resources.limits.hugepages-2Mi",
    "3Mi",
    "",
    "must be a multiple of 2Mi, but is 3Mi",
  ],
  [
    "containers.0.resources.limits",
    {},
    "",
    "must have example.com/gpu, as there is a request for it",
  ],
  [
    "containers.0.resources.requests.gpu",
    "1",
    "",
    "must be one of cpu, memory, ephemeral-storage, hugepages-SIZE, or a name such as " +
    "example.com/gpu",
  ],
  [
    "containers.0.resources.claims.0.name",
    "other",
    "spec.containers[0].resources.claims[0]",
    `is none of the pod's resourceClaims: "other"`,
  ],
  ["overhead.cpu", "much", "", 'must be an amount such as 500m or 2Gi, but is "much"'],
  // Mounts and devices.
  [
    "containers.0.volumeMounts.0.mountPropagation",
    "Bidirectional",
    "",
    "may be Bidirectional only in privileged containers",
  ],
  [
    "containers.0.volumeMounts.1.recursiveReadOnly",
    "Always",
    "",
    'must be one of Disabled, IfPossible, Enabled, but is "Always"',
  ],
  [
    "containers.0.volumeDevices.0.name",
    "scratch",
    "",
    "must be a volume of a persistentVolumeClaim",
  ],
  // What containers may do.
  [
    "containers.0.securityContext.seccompProfile.localhostProfile",
    undefined,
    "",
    "is required: the type of the seccompProfile is Localhost",
  ],
  [
    "containers.0.securityContext.appArmorProfile.type",
    "Local",
    "",
    'must be one of Localhost, RuntimeDefault, Unconfined, but is "Local"',
  ],
  ["securityContext.runAsUser", -1, "", "must be 0 or more, but is -1"],
  [
    "securityContext.windowsOptions",
    { runAsUserName: "a" },
    "",
    "must not be set: the pod is for linux",
  ],
  [
    "containers.0.securityContext.privileged",
    true,
    "spec.containers[0].securityContext.allowPrivilegeEscalation",
    "must not be false: privileged is true",
  ],
  // Where pods may run.
  [
    "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight",
    101,
    "",
    "must be from 1 to 100, but is 101",
  ],
  [
    "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0." +
    "matchExpressions.0.operator",
    "Is",
    "",
    "must be one of In, NotIn, Exists, DoesNotExist, Gt, Lt",
  ],
  [
    "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.topologyKey",
    "",
    "",
    "is required",
  ],
  ["tolerations.0.value", "a", "", "must not be set where operator is Exists"],
  [
    "tolerations.1.tolerationSeconds",
    5,
    "spec.tolerations[1].effect",
    "must be NoExecute where tolerationSeconds is set",
  ],
  ["topologySpreadConstraints.0.maxSkew", 0, "", "must be 1 or more, but is 0"],
  [
    "topologySpreadConstraints.1.minDomains",
    2,
    "",
    "may be set only where whenUnsatisfiable is DoNotSchedule",
  ],
  [
    "schedulingGates",
    [{ name: "example.com/quota" }, { name: "example.com/quota" }],
    "spec.schedulingGates[1].name",
    'appears twice: "example.com/quota"',
  ],
  // Names and addresses.
  ["dnsConfig.nameservers.0", "dns", "", 'must be an IP address, but is "dns"'],
  ["dnsConfig.nameservers", [], "", "is required where dnsPolicy is None"],
  ["hostAliases.0.ip", "10.1.2.300", "", 'must be an IP address, but is "10.1.2.300"'],
  ["readinessGates.0.conditionType", undefined, "", "is required"],
  ["os.name", "plan9", "", 'must be one of linux, windows, but is "plan9"'],
  [
    "preemptionPolicy",
    "Sometimes",
    "",
    'must be one of Never, PreemptLowerPriority, but is "Sometimes"',
  ],
  ["terminationGracePeriodSeconds", -1, "", "must be 0 or more, but is -1"],
];

Deno.test("each check of a pod template says what is wrong, and where", () => {
  const failures: string[] = [];
  for (const [at, value, path, text] of ROWS) {
    const parts = [
      "spec",
      ...at.split(".").map((part) => /^\d+$/.test(part) ? Number(part) : part),
    ];
    const edit: Edit = value === undefined ? { at: parts } : { at: parts, value };
    const found = lintErrors(edited(TEMPLATES.full, [edit]));
    const where = `spec.template.${path === "" ? pathText(parts) : path}`;
    const lines = found.map((finding) => `${finding.path}: ${finding.text}`);
    if (!lines.some((line) => line.startsWith(`${where}: ${text}`))) {
      failures.push(`${at}: ${lines}`);
    }
  }
  assert.deepEqual(failures, []);
});

Deno.test("names are judged in Kubernetes' words", () => {
  const [finding] = lintErrors(edited(TEMPLATES.full, [{ at: ["spec", "hostname"], value: "A" }]));
  assert.match(finding?.text ?? "", LABEL);
});
