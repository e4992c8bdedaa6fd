import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, scalarText } from "../../../sdk/wire/json.ts";
import { portNameProblems } from "./kube_names.ts";

const PROBE_HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];
const LIFECYCLE_HANDLERS = ["exec", "httpGet", "tcpSocket", "sleep"];
const SCHEMES = ["HTTP", "HTTPS"];
const COUNTS = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold"];
const LARGEST_PORT = 65535;

/** Everything wrong with a container's probes. */
export function validateProbes(container: Fields, place: FieldPlace): FieldError[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) => {
    const probe = container[name];
    if (isUnset(probe)) return [];
    const errors = validateProbe(fieldsOf(probe), child(place, name));
    const { successThreshold = 1 } = fieldsOf(probe);
    // A pod is restarted at once or not at all: only readiness may need several successes.
    if (name !== "readinessProbe" && successThreshold !== 1 && successThreshold !== 0) {
      const at = child(place, name, "successThreshold");
      errors.push(invalid(at, successThreshold, { detail: "must be 1" }));
    }
    return errors;
  });
}

/** Everything wrong with what a container runs after its start and before its end. */
export function validateLifecycle(lifecycle: unknown, place: FieldPlace): FieldError[] {
  return ["postStart", "preStop"].flatMap((name) => {
    const handler = fieldsOf(lifecycle)[name];
    if (isUnset(handler)) return [];
    return validateHandler(fieldsOf(handler), child(place, name), LIFECYCLE_HANDLERS);
  });
}

function validateProbe(probe: Fields, place: FieldPlace): FieldError[] {
  return [
    ...validateHandler(probe, place, PROBE_HANDLERS),
    ...COUNTS.flatMap((name) => {
      const value = probe[name];
      const detail = "must be greater than or equal to 0";
      return typeof value === "number" && value < 0
        ? [invalid(child(place, name), value, { detail })]
        : [];
    }),
  ];
}

function validateHandler(
  fields: Fields,
  place: FieldPlace,
  handlers: readonly string[],
): FieldError[] {
  const [first, second] = handlers.filter((name) => !isUnset(fields[name]));
  if (first === undefined) return [required(place, "must specify a handler type")];
  const handler = fieldsOf(fields[first]);
  const at = child(place, first);
  const errors = first === "httpGet" || first === "tcpSocket"
    ? validatePort(handler["port"], child(at, "port"))
    : [];
  const scheme = handler["scheme"] || "HTTP";
  if (first === "httpGet" && !SCHEMES.includes(scalarText(scheme))) {
    errors.push(notSupported(child(at, "scheme"), scheme, SCHEMES));
  }
  if (second !== undefined) {
    errors.push(forbidden(child(place, second), "may not specify more than 1 handler type"));
  }
  return errors;
}

/** A port by number, or by the name of one of the container's ports. */
function validatePort(port: unknown, place: FieldPlace): FieldError[] {
  if (typeof port === "string") {
    return portNameProblems(port).map((detail) => invalid(place, port, { detail }));
  }
  const number = port ?? 0;
  if (typeof number === "number" && number >= 1 && number <= LARGEST_PORT) return [];
  return [invalid(place, number, { detail: `must be between 1 and ${LARGEST_PORT}, inclusive` })];
}
