/**
 * What Kubernetes finds wrong with a ReplicaSet's pod template: the mistakes that people make.
 * What is not looked at here, the API server refuses when the ReplicaSet is created.
 */
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item } from "../../../sdk/wire/field_place.ts";
import { goJsonMap } from "../hash/go_json.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems } from "./kube_names.ts";
import { validateContainers } from "./validate_container.ts";
import { isEmptySelector, selectorMatches, validateLabels } from "./validate_selector.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const LONGEST_ANNOTATIONS_BYTES = 256 * 1024;

/** Everything wrong with the pod template at a place, for ReplicaSets with this selector. */
export function validatePodTemplate(
  template: unknown,
  { selector, place }: { selector: unknown; place: FieldPlace },
): FieldError[] {
  const written = fieldsOf(withoutNulls(template));
  const metadata = fieldsOf(written["metadata"]);
  const spec = fieldsOf(written["spec"]);
  const specPlace = child(place, "spec");
  return [
    ...validateMatch(metadata["labels"], { selector, place }),
    // Quirk(template-label-path): messages leave `metadata` out of these two paths.
    ...validateLabels(metadata["labels"], metadataPlace(place, "labels")),
    ...validateAnnotations(metadata["annotations"], metadataPlace(place, "annotations")),
    ...validatePodSpec(spec, specPlace),
    ...validateForReplicaSet(spec, specPlace),
  ];
}

/** Maps of texts, in which null is the empty text. */
const TEXT_MAPS: readonly string[] = ["labels", "annotations", "matchLabels", "nodeSelector"];

/** The value as Kubernetes reads it: a field that is null is not there. */
function withoutNulls(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutNulls(each));
  if (!isFields(value)) return value;
  const isTextMap = TEXT_MAPS.includes(name);
  const present = Object.entries(value).filter(([, each]) => each !== null || isTextMap)
    .map(([key, each]) => [key, each === null ? "" : withoutNulls(each, key)]);
  return Object.fromEntries(present);
}

function metadataPlace(place: FieldPlace, name: string): FieldPlace {
  return { path: `${place.path}.${name}`, location: [...place.location, "metadata", name] };
}

function validateMatch(
  labels: unknown,
  { selector, place }: { selector: unknown; place: FieldPlace },
): FieldError[] {
  const present = isFields(labels) ? labels : undefined;
  const wanted = isFields(selector) ? selector : undefined;
  if (wanted !== undefined && (isEmptySelector(wanted) || selectorMatches(wanted, present))) {
    return [];
  }
  return [invalid(child(place, "metadata", "labels"), present ?? null, {
    detail: "`selector` does not match template `labels`",
    shown: goJsonMap(present),
  })];
}

function validateAnnotations(annotations: unknown, place: FieldPlace): FieldError[] {
  const map = fieldsOf(annotations);
  const errors = Object.keys(map).sort().flatMap((key) =>
    labelKeyProblems(key.toLowerCase()).map((detail) => invalid(place, key, { detail }))
  );
  return annotationBytes(map) > LONGEST_ANNOTATIONS_BYTES
    ? [...errors, tooLongAnnotations(place)]
    : errors;
}

/** Bytes of all keys and values of a map of annotations. */
function annotationBytes(annotations: Fields): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += encoder.encode(key).length + encoder.encode(textOf(value)).length;
  }
  return bytes;
}

function tooLongAnnotations({ path, location }: FieldPlace): FieldError {
  const detail = `may not be more than ${LONGEST_ANNOTATIONS_BYTES} bytes`;
  return { path, location, type: "TooLong", detail, text: `${path}: Too long: ${detail}` };
}

function validatePodSpec(spec: Fields, place: FieldPlace): FieldError[] {
  const volumes = validateVolumes(listOf(spec["volumes"]), child(place, "volumes"));
  const errors = [
    ...volumes.errors,
    ...validateContainers(spec, { place, volumeNames: volumes.names }),
  ];
  const restartPolicy = spec["restartPolicy"] || "Always";
  if (!RESTART_POLICIES.includes(textOf(restartPolicy))) {
    errors.push(notSupported(child(place, "restartPolicy"), restartPolicy, RESTART_POLICIES));
  }
  const dnsPolicy = spec["dnsPolicy"] || "ClusterFirst";
  if (!DNS_POLICIES.includes(textOf(dnsPolicy))) {
    errors.push(notSupported(child(place, "dnsPolicy"), dnsPolicy, DNS_POLICIES));
  }
  errors.push(...validateLabels(spec["nodeSelector"], child(place, "nodeSelector")));
  for (const name of ["serviceAccountName", "priorityClassName", "runtimeClassName"]) {
    const value = textOf(spec[name]);
    if (value === "") continue;
    for (const detail of dnsSubdomainProblems(value)) {
      errors.push(invalid(child(place, name), value, { detail }));
    }
  }
  return errors;
}

function validateForReplicaSet(spec: Fields, place: FieldPlace): FieldError[] {
  const errors: FieldError[] = [];
  if (listOf(spec["ephemeralContainers"]).length > 0) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbidden(child(place, "ephemeralContainers"), detail));
  }
  const restartPolicy = spec["restartPolicy"] || "Always";
  if (restartPolicy !== "Always") {
    errors.push(notSupported(child(place, "restartPolicy"), restartPolicy, ["Always"]));
  }
  if (!isUnset(spec["activeDeadlineSeconds"])) {
    const detail = "activeDeadlineSeconds in ReplicaSet is not Supported";
    errors.push(forbidden(child(place, "activeDeadlineSeconds"), detail));
  }
  return errors;
}

/** The field of each kind of volume without which it is nothing. */
const VOLUME_NEEDS: Readonly<Record<string, string>> = Object.freeze({
  hostPath: "path",
  secret: "secretName",
  configMap: "name",
  persistentVolumeClaim: "claimName",
});

/** A volume with an error of its own is none that could be mounted, nor one to collide with. */
function validateVolumes(
  volumes: unknown[],
  place: FieldPlace,
): { errors: FieldError[]; names: ReadonlySet<string> } {
  const names = new Set<string>();
  const errors: FieldError[] = [];
  volumes.forEach((volume, index) => {
    const at = item(place, index);
    const name = textOf(fieldsOf(volume)["name"]);
    const nameErrors = name === ""
      ? [required(child(at, "name"))]
      : dnsLabelProblems(name).map((detail) => invalid(child(at, "name"), name, { detail }));
    const found = [...validateVolumeSource(fieldsOf(volume), at), ...nameErrors];
    if (nameErrors.length === 0 && names.has(name)) found.push(duplicate(child(at, "name"), name));
    if (found.length === 0) names.add(name);
    errors.push(...found);
  });
  return { errors, names };
}

function validateVolumeSource(volume: Fields, place: FieldPlace): FieldError[] {
  const errors: FieldError[] = [];
  const sources = Object.keys(volume)
    .filter((name) => name !== "name" && isFields(volume[name]));
  for (const source of Object.keys(VOLUME_NEEDS)) {
    const needed = VOLUME_NEEDS[source];
    if (needed === undefined || !sources.includes(source) || sources.length > 1) continue;
    if (textOf(fieldsOf(volume[source])[needed]) === "") {
      errors.push(required(child(place, source, needed)));
    }
  }
  const [, second] = sources;
  if (second !== undefined) {
    errors.push(forbidden(child(place, second), "may not specify more than 1 volume type"));
  }
  return errors;
}
