import { defaultPullPolicy } from "../../api/hash/normalise_template.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../../sdk/wire/json.ts";
import { readableTexts } from "./metadata.ts";
import { canonicalQuantity, canonicalResources } from "./quantity.ts";

const POD_FIELDS = new Set(
  ("volumes initContainers containers ephemeralContainers restartPolicy " +
    "terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector " +
    "serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID " +
    "hostIPC shareProcessNamespace securityContext imagePullSecrets hostname subdomain affinity " +
    "schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates " +
    "runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints " +
    "setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources hostnameOverride " +
    "schedulingGroup").split(" "),
);
const CONTAINER_FIELDS = new Set(
  ("name image command args workingDir ports envFrom env resources resizePolicy restartPolicy " +
    "restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe " +
    "lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext " +
    "stdin stdinOnce tty").split(" "),
);
const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const MODE = 0o644;
const TOKEN_SECONDS = 3600;

/** Fields that the server does not store when they are empty, though others may be empty there. */
const DROPPED_WHEN_EMPTY = new Set([
  "overhead",
  "annotations",
  "labels",
  "nodeSelector",
  "limits",
  "requests",
  "matchLabels",
]);
/** Fields that the server does not store when they are 0 or false. */
const DROPPED_WHEN_ZERO = new Set([
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "stdin",
  "stdinOnce",
  "tty",
  "readOnly",
  "hostPort",
  "initialDelaySeconds",
]);
/** Maps from text to text, whose values may be empty. */
const TEXT_MAPS = new Set(["annotations", "labels", "nodeSelector", "matchLabels"]);
/** Fields that are stored when they are the empty text. */
const KEPT_WHEN_EMPTY = new Set(["type", "storageClassName", "name", "mountPath", "key"]);

/** A pod template as the server stores it: unknown and empty fields dropped, defaults filled in. */
export function storedPodTemplate(template: unknown): Fields {
  const { metadata, spec } = fieldsOf(tidied(template));
  return {
    // A template without metadata is stored with an empty one.
    metadata: fieldsOf(metadata),
    spec: storedPodSpec(spec),
  };
}

/** The spec of a pod as the server stores it; empty fields are dropped already. */
export function storedPodSpec(spec: unknown): Fields {
  const stored: Fields = {};
  const fields = fieldsOf(spec);
  for (const field in fields) {
    if (POD_FIELDS.has(field)) stored[field] = fields[field];
  }
  for (const list of CONTAINER_LISTS) {
    if (stored[list] !== undefined) stored[list] = listOf(stored[list]).map(storedContainer);
  }
  if (stored["volumes"] !== undefined) {
    stored["volumes"] = listOf(stored["volumes"]).map(storedVolume);
  }
  stored["restartPolicy"] ??= "Always";
  stored["terminationGracePeriodSeconds"] ??= 30;
  stored["dnsPolicy"] ??= "ClusterFirst";
  stored["securityContext"] ??= {};
  stored["schedulerName"] ??= "default-scheduler";
  const account = stored["serviceAccountName"] ?? stored["serviceAccount"];
  if (account !== undefined) {
    stored["serviceAccountName"] = account;
    stored["serviceAccount"] = account;
  }
  return stored;
}

/** A value without what the server does not store of typed objects: null and empty fields. */
export function tidied(value: unknown): unknown {
  // What is frozen comes out of the store: the server's own controllers made a pod of a template.
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(tidied);
  if (!isFields(value)) return value;
  const tidy: Fields = {};
  for (const key in value) {
    const written = value[key];
    const isOptions = key === "dnsConfig" && isFields(written);
    const field = TEXT_MAPS.has(key)
      ? readableTexts(written)
      : isOptions
      ? tidiedOptions(written)
      : tidied(written);
    if (!isDropped(key, field)) tidy[key] = field;
  }
  return tidy;
}

/** Text whose emptiness says something, beside the fields that may be empty anywhere. */
function tidiedOptions(config: Fields): Fields {
  const options = listOf(config["options"]);
  return options.length === 0 ? fieldsOf(tidied(config)) : { ...fieldsOf(tidied(config)), options };
}

function isDropped(key: string, field: unknown): boolean {
  if (field === null || field === undefined) return true;
  if (field === "") return !KEPT_WHEN_EMPTY.has(key);
  if (field === 0 || field === false) return DROPPED_WHEN_ZERO.has(key);
  if (Array.isArray(field)) return field.length === 0;
  if (!DROPPED_WHEN_EMPTY.has(key)) return false;
  for (const _ in field as Fields) return false;
  return true;
}

function storedContainer(item: unknown): Fields {
  const fields = fieldsOf(item);
  // What is frozen comes out of the store, and is as it should be.
  if (Object.isFrozen(fields)) return fields;
  const container: Fields = {};
  for (const field in fields) {
    if (CONTAINER_FIELDS.has(field)) container[field] = fields[field];
  }
  container["resources"] = canonicalResources(container["resources"]);
  container["terminationMessagePath"] ??= "/dev/termination-log";
  container["terminationMessagePolicy"] ??= "File";
  container["imagePullPolicy"] ??= defaultPullPolicy(container["image"]);
  if (container["ports"] !== undefined) {
    container["ports"] = listOf(container["ports"]).map((port) => ({
      ...fieldsOf(port),
      protocol: fieldsOf(port)["protocol"] ?? "TCP",
    }));
  }
  if (container["env"] !== undefined) {
    container["env"] = listOf(container["env"]).map(storedVariable);
  }
  for (const probe of PROBES) {
    if (container[probe] !== undefined) container[probe] = storedProbe(fieldsOf(container[probe]));
  }
  if (container["lifecycle"] !== undefined) {
    container["lifecycle"] = storedLifecycle(fieldsOf(container["lifecycle"]));
  }
  return container;
}

function storedVariable(item: unknown): Fields {
  const variable = fieldsOf(item);
  const { valueFrom } = variable;
  if (!isFields(valueFrom)) return variable;
  if (isFields(valueFrom["resourceFieldRef"])) {
    const resourceFieldRef = { divisor: "0", ...valueFrom["resourceFieldRef"] };
    return { ...variable, valueFrom: { ...valueFrom, resourceFieldRef } };
  }
  if (!isFields(valueFrom["fieldRef"])) return variable;
  return {
    ...variable,
    valueFrom: { ...valueFrom, fieldRef: storedFieldRef(valueFrom["fieldRef"]) },
  };
}

function storedFieldRef(reference: Fields): Fields {
  return { apiVersion: "v1", ...reference };
}

function storedProbe(probe: Fields): Fields {
  const stored: Fields = {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
  };
  if (isFields(stored["httpGet"])) stored["httpGet"] = storedHttpGet(stored["httpGet"]);
  if (isFields(stored["grpc"])) stored["grpc"] = { service: "", ...stored["grpc"] };
  return stored;
}

function storedHttpGet(action: Fields): Fields {
  return { path: "/", scheme: "HTTP", ...action };
}

function storedLifecycle(lifecycle: Fields): Fields {
  const stored: Fields = { ...lifecycle };
  for (const hook of ["postStart", "preStop"]) {
    const action = stored[hook];
    if (isFields(action) && isFields(action["httpGet"])) {
      stored[hook] = { ...action, httpGet: storedHttpGet(action["httpGet"]) };
    }
  }
  return stored;
}

function storedVolume(item: unknown): Fields {
  const volume: Fields = { ...fieldsOf(item) };
  for (const source of ["configMap", "secret", "downwardAPI", "projected"]) {
    const found = volume[source];
    if (isFields(found)) volume[source] = { defaultMode: MODE, ...storedSource(found) };
  }
  const { emptyDir } = volume;
  if (isFields(emptyDir) && emptyDir["sizeLimit"] !== undefined) {
    const sizeLimit = canonicalQuantity(String(emptyDir["sizeLimit"]));
    volume["emptyDir"] = { ...emptyDir, sizeLimit };
  }
  if (isFields(volume["hostPath"])) volume["hostPath"] = { type: "", ...volume["hostPath"] };
  // A volume that says nothing of what it is made of is an empty folder.
  if (Object.keys(volume).length === 1) volume["emptyDir"] = {};
  return volume;
}

function storedSource(source: Fields): Fields {
  const stored: Fields = { ...source };
  if (stored["items"] !== undefined) {
    stored["items"] = listOf(stored["items"]).map((entry) => {
      const fields = fieldsOf(entry);
      const { fieldRef } = fields;
      return isFields(fieldRef) ? { ...fields, fieldRef: storedFieldRef(fieldRef) } : fields;
    });
  }
  if (stored["sources"] !== undefined) {
    stored["sources"] = listOf(stored["sources"]).map((entry) => {
      const fields: Fields = { ...fieldsOf(entry) };
      if (isFields(fields["downwardAPI"])) {
        fields["downwardAPI"] = storedSource(fields["downwardAPI"]);
      }
      if (isFields(fields["serviceAccountToken"])) {
        fields["serviceAccountToken"] = {
          expirationSeconds: TOKEN_SECONDS,
          ...fields["serviceAccountToken"],
        };
      }
      return fields;
    });
  }
  return stored;
}
