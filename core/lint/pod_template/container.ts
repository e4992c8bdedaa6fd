/** Containers, with what they need of the pod. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import {
  all,
  exactlyOne,
  flag,
  list,
  needs,
  object,
  type Report,
  text,
  unique,
  word,
} from "./check.ts";
import { dataKey, label, matching, noStepUp, oneOf, relativePath } from "./formats.ts";
import { lifecycle, PROBES } from "./handlers.ts";
import { fieldReference, keyReference, nameReference, resourceReference } from "./references.ts";
import { containerResources } from "./resources.ts";
import { containerSecurity } from "./security.ts";
import { isClaim } from "./volumes.ts";

/** What a container needs of its pod. */
export interface Pod {
  readonly hasHostNetwork: boolean;
  readonly graceSeconds: number;
  /** By name; the last of a name. */
  readonly volumes: ReadonlyMap<string, Fields>;
  readonly claims: ReadonlySet<string>;
}

const FIELDS_OF_POD = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

const VARIABLES = list(object({
  valueFrom: object({
    configMapKeyRef: keyReference,
    secretKeyRef: keyReference,
    fieldRef: fieldReference(FIELDS_OF_POD),
    resourceFieldRef: resourceReference({ ofVolume: false }),
    fileKeyRef: object(
      { key: text(dataKey), path: text(relativePath), volumeName: text(label), optional: flag },
      needs("key", "path", "volumeName"),
    ),
  }, exactlyOne("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")),
}));

const FROM = list(object(
  {
    prefix: text(matching(/^[ -<>-~]+$/, 'printable ASCII without "="')),
    configMapRef: nameReference,
    secretRef: nameReference,
  },
  exactlyOne("configMapRef", "secretRef"),
));

const MOUNTS = list(object(
  {
    mountPropagation: word("None", "HostToContainer", "Bidirectional"),
    recursiveReadOnly: word("Disabled", "IfPossible", "Enabled"),
    subPath: text(relativePath),
    subPathExpr: text(relativePath),
  },
  (fields, at, report) => {
    if (textOf(fields["subPath"]) !== "" && textOf(fields["subPathExpr"]) !== "") {
      report([...at, "subPathExpr"], "must not stand beside subPath");
    }
    const recursive = textOf(fields["recursiveReadOnly"]);
    if (recursive === "" || recursive === "Disabled") return;
    const where = [...at, "recursiveReadOnly"];
    if (fields["readOnly"] !== true) report(where, "may be set only where readOnly is true");
    const propagation = textOf(fields["mountPropagation"]);
    if (propagation !== "" && propagation !== "None") {
      report(where, "may be set only where mountPropagation is None");
    }
  },
));

const RESIZE = all(
  list(object({
    resourceName: text(oneOf("cpu", "memory")),
    restartPolicy: text(oneOf("NotRequired", "RestartContainer")),
  }, needs("resourceName", "restartPolicy"))),
  unique((item) => textOf(fieldsOf(item)["resourceName"])),
);

const EXIT_RULES = list(object(
  {
    action: text(oneOf("Restart", "RestartAllContainers")),
    exitCodes: object({ operator: text(oneOf("In", "NotIn")) }, needs("operator")),
  },
  needs("action", "exitCodes"),
));

const CONTAINER = object({
  env: VARIABLES,
  envFrom: FROM,
  securityContext: containerSecurity,
  resizePolicy: RESIZE,
  restartPolicy: word("Always", "OnFailure", "Never"),
  restartPolicyRules: EXIT_RULES,
  volumeMounts: MOUNTS,
});

/** A container of one of the pod's two lists. */
export function checkContainer(
  container: unknown,
  at: FieldLocation,
  { pod, isInit, report }: { pod: Pod; isInit: boolean; report: Report },
): void {
  if (!isFields(container)) return;
  CONTAINER(container, at, report);
  if (isUnset(container["restartPolicy"]) && listOf(container["restartPolicyRules"]).length > 0) {
    report([...at, "restartPolicy"], "is required beside restartPolicyRules");
  }
  if (!isInit || container["restartPolicy"] === "Always") {
    object({ ...PROBES, lifecycle: lifecycle(pod.graceSeconds) })(container, at, report);
  }
  hostPorts(container, at, { pod, report });
  mounts(container, at, { pod, report });
  devices(container, at, { pod, report });
  containerResources(container["resources"], [...at, "resources"], {
    report,
    claims: pod.claims,
  });
}

interface Context {
  readonly pod: Pod;
  readonly report: Report;
}

function hostPorts(container: Fields, at: FieldLocation, { pod, report }: Context): void {
  if (!pod.hasHostNetwork) return;
  listOf(container["ports"]).forEach((each, index) => {
    const { containerPort, hostPort } = fieldsOf(each);
    if (isUnset(hostPort) || hostPort === 0 || hostPort === containerPort) return;
    report([...at, "ports", index, "hostPort"], "must be containerPort where hostNetwork is true");
  });
}

function mounts(container: Fields, at: FieldLocation, { pod, report }: Context): void {
  const { privileged } = fieldsOf(container["securityContext"]);
  const devicesOf = listOf(container["volumeDevices"]).map(fieldsOf);
  listOf(container["volumeMounts"]).map(fieldsOf).forEach((mount, index) => {
    const place = [...at, "volumeMounts", index];
    if (mount["mountPropagation"] === "Bidirectional" && privileged !== true) {
      report([...place, "mountPropagation"], "may be Bidirectional only in privileged containers");
    }
    const clash = (field: string, other: string) =>
      textOf(mount[field]) !== "" && devicesOf.some((device) => device[other] === mount[field]);
    if (clash("mountPath", "devicePath")) {
      report([...place, "mountPath"], "is the devicePath of a volumeDevice, too");
    }
    if (clash("name", "name")) report([...place, "name"], "is mounted, and is a device, too");
    const source = pod.volumes.get(textOf(mount["name"]));
    if (source !== undefined && !isUnset(source["image"])) imageMount(mount, place, report);
  });
}

function imageMount(mount: Fields, at: FieldLocation, report: Report): void {
  if (mount["mountPropagation"] === "Bidirectional") {
    report([...at, "mountPropagation"], "must not be Bidirectional for the volume of an image");
  }
}

function devices(container: Fields, at: FieldLocation, { pod, report }: Context): void {
  const place = [...at, "volumeDevices"];
  const list = container["volumeDevices"];
  unique((item) => textOf(fieldsOf(item)["name"]), "name")(list, place, report);
  unique((item) => textOf(fieldsOf(item)["devicePath"]), "devicePath")(list, place, report);
  listOf(list).map(fieldsOf).forEach((device, index) => {
    needs("name", "devicePath")(device, [...place, index], report);
    text(noStepUp)(device["devicePath"] ?? "", [...place, index, "devicePath"], report);
    const name = textOf(device["name"]);
    const source = pod.volumes.get(name);
    if (name === "") return;
    if (source === undefined) report([...place, index, "name"], "is the name of no volume");
    else if (!isClaim(source)) {
      report([...place, index, "name"], "must be a volume of a persistentVolumeClaim");
    }
  });
}
