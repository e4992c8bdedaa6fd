/** What Kubernetes finds wrong with the containers of a pod. */
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { dnsLabelProblems, environmentNameProblems, portNameProblems } from "./kube_names.ts";
import { validateLifecycle, validateProbes } from "./validate_probe.ts";
import { validateResources } from "./validate_resources.ts";

const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const TERMINATION_POLICIES = ["File", "FallbackToLogsOnError"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const LARGEST_PORT = 65535;

interface PodContext {
  /** The place of the pod's spec. */
  place: FieldPlace;
  volumeNames: ReadonlySet<unknown>;
}

/** Everything wrong with the containers and init containers of a pod's spec. */
export function validateContainers(spec: Fields, context: PodContext): FieldError[] {
  const containers = placed(spec["containers"], child(context.place, "containers"));
  const names = new Set<string>();
  const errors: FieldError[] = [];
  if (containers.length === 0) errors.push(required(child(context.place, "containers")));
  for (const { fields, at } of containers) {
    errors.push(
      ...validateContainer(fields, at, context),
      ...duplicateName(fields, at, names),
      ...validateLifecycle(fields["lifecycle"], child(at, "lifecycle")),
      ...validateProbes(fields, at),
    );
    names.add(textOf(fields["name"]));
    if (!isUnset(fields["restartPolicy"])) {
      const detail = "may not be set for non-init containers";
      errors.push(forbidden(child(at, "restartPolicy"), detail));
    }
  }
  errors.push(...hostPortConflicts(containers));
  for (const init of placed(spec["initContainers"], child(context.place, "initContainers"))) {
    const { fields, at } = init;
    errors.push(
      ...validateContainer(fields, at, context),
      ...validateInitRestart(fields, at),
      ...duplicateName(fields, at, names),
      ...hostPortConflicts([init]),
      ...validateInitRuns(fields, at),
    );
    const name = textOf(fields["name"]);
    if (name !== "") names.add(name);
  }
  return errors;
}

function placed(containers: unknown, place: FieldPlace): PlacedContainer[] {
  return listOf(containers).map((container, index) => ({
    fields: fieldsOf(container),
    at: item(place, index),
  }));
}

function duplicateName(fields: Fields, at: FieldPlace, names: ReadonlySet<string>): FieldError[] {
  const name = textOf(fields["name"]);
  return names.has(name) ? [duplicate(child(at, "name"), name)] : [];
}

function validateInitRestart(container: Fields, place: FieldPlace): FieldError[] {
  const policy = container["restartPolicy"];
  if (isUnset(policy) || policy === "Always") return [];
  return [notSupported(child(place, "restartPolicy"), policy, ["Always"])];
}

/** An init container that restarts is a sidecar and may be probed; another ends by itself. */
function validateInitRuns(container: Fields, place: FieldPlace): FieldError[] {
  if (container["restartPolicy"] === "Always") {
    return [
      ...validateLifecycle(container["lifecycle"], child(place, "lifecycle")),
      ...validateProbes(container, place),
    ];
  }
  const detail = "may not be set for init containers without restartPolicy=Always";
  return ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
    .filter((name) => !isUnset(container[name]))
    .map((name) => forbidden(child(place, name), detail));
}

function validateContainer(
  container: Fields,
  place: FieldPlace,
  { volumeNames }: PodContext,
): FieldError[] {
  return [
    ...validateName(container["name"], child(place, "name")),
    ...validateImage(container["image"], child(place, "image")),
    ...oneOf(container, place, {
      name: "terminationMessagePolicy",
      supported: TERMINATION_POLICIES,
    }),
    ...validatePorts(listOf(container["ports"]), child(place, "ports")),
    ...validateEnvironment(listOf(container["env"]), child(place, "env")),
    ...validateMounts(listOf(container["volumeMounts"]), {
      place: child(place, "volumeMounts"),
      volumeNames,
    }),
    ...oneOf(container, place, { name: "imagePullPolicy", supported: PULL_POLICIES }),
    ...validateResources(container["resources"], child(place, "resources")),
  ];
}

function validateName(name: unknown, place: FieldPlace): FieldError[] {
  const text = textOf(name);
  if (text === "") return [required(place)];
  return dnsLabelProblems(text).map((detail) => invalid(place, text, { detail }));
}

function validateImage(image: unknown, place: FieldPlace): FieldError[] {
  // Blanks around the name pass here: pods are refused with them, templates are not.
  return textOf(image) === "" ? [required(place)] : [];
}

function oneOf(
  fields: Fields,
  place: FieldPlace,
  { name, supported }: { name: string; supported: readonly string[] },
): FieldError[] {
  const value = fields[name];
  if (isUnset(value) || value === "" || supported.includes(textOf(value))) return [];
  return [notSupported(child(place, name), value, supported)];
}

function validatePorts(ports: unknown[], place: FieldPlace): FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const fields = fieldsOf(port);
    const at = item(place, index);
    const errors: FieldError[] = [];
    const name = textOf(fields["name"]);
    if (name !== "") {
      const problems = portNameProblems(name);
      const nameAt = child(at, "name");
      for (const detail of problems) errors.push(invalid(nameAt, name, { detail }));
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(nameAt, name));
      names.add(name);
    }
    const containerPort = fields["containerPort"] ?? 0;
    const hostPort = fields["hostPort"] ?? 0;
    if (containerPort === 0) errors.push(required(child(at, "containerPort")));
    else errors.push(...portRange(containerPort, child(at, "containerPort")));
    if (hostPort !== 0) errors.push(...portRange(hostPort, child(at, "hostPort")));
    return [...errors, ...oneOf(fields, at, { name: "protocol", supported: PROTOCOLS })];
  });
}

interface PlacedContainer {
  fields: Fields;
  at: FieldPlace;
}

/** Ports that two containers want of the host. */
function hostPortConflicts(containers: PlacedContainer[]): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap(({ fields, at }) =>
    listOf(fields["ports"]).map(fieldsOf).flatMap((port, index) => {
      const { hostPort } = port;
      if (isUnset(hostPort) || hostPort === 0) return [];
      const protocol = textOf(port["protocol"]) || "TCP";
      const key = `${protocol}/${textOf(port["hostIP"])}/${hostPort}`;
      const isTaken = taken.has(key);
      taken.add(key);
      return isTaken ? [duplicate(child(item(child(at, "ports"), index), "hostPort"), key)] : [];
    })
  );
}

function portRange(port: unknown, place: FieldPlace): FieldError[] {
  if (typeof port === "number" && port >= 1 && port <= LARGEST_PORT) return [];
  return [invalid(place, port, { detail: `must be between 1 and ${LARGEST_PORT}, inclusive` })];
}

function validateEnvironment(variables: unknown[], place: FieldPlace): FieldError[] {
  return variables.flatMap((variable, index) => {
    const { name, value, valueFrom } = fieldsOf(variable);
    const at = item(place, index);
    const text = textOf(name);
    const errors = text === ""
      ? [required(child(at, "name"))]
      : environmentNameProblems(text).map((detail) => invalid(child(at, "name"), text, { detail }));
    if (isUnset(valueFrom)) return errors;
    const sources = Object.values(fieldsOf(valueFrom)).filter((each) => !isUnset(each));
    const detail = sources.length === 0
      ? "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
      : textOf(value) !== ""
      ? "may not be specified when `value` is not empty"
      : sources.length > 1
      ? "may not have more than one field specified at a time"
      : "";
    return detail === "" ? errors : [...errors, invalid(child(at, "valueFrom"), "", { detail })];
  });
}

function validateMounts(
  mounts: unknown[],
  { place, volumeNames }: { place: FieldPlace; volumeNames: ReadonlySet<unknown> },
): FieldError[] {
  const paths = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const fields = fieldsOf(mount);
    const at = item(place, index);
    const name = textOf(fields["name"]);
    const path = textOf(fields["mountPath"]);
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(child(at, "name")));
    if (!volumeNames.has(name)) errors.push(notFound(child(at, "name"), name));
    if (path === "") errors.push(required(child(at, "mountPath")));
    if (paths.has(path)) {
      errors.push(invalid(child(at, "mountPath"), path, { detail: "must be unique" }));
    }
    paths.add(path);
    return errors;
  });
}
