import { ApiError } from "../../ports/api_error.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

const MODIFIED = "the object has been modified; please apply your changes to the latest version " +
  "and try again";

/** One thing wrong with an object; `path` is the field, as in `spec.replicas`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** `replicasets.apps`, as the API server names a resource; `services` in the core group. */
export function resourceName(type: ResourceType): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}

function kindName(type: ResourceType): string {
  return type.group === "" ? type.kind : `${type.kind}.${type.group}`;
}

/** 404: there is no such object. */
export function notFound(type: ResourceType, name: string): ApiError {
  return new ApiError({
    code: 404,
    reason: "NotFound",
    message: `${resourceName(type)} "${name}" not found`,
  });
}

/** 404: the server does not know the kind, or the kind has no such subresource. */
export function unknownResource(): ApiError {
  return new ApiError({
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
  });
}

/** 409: an object of that name exists; one that is being deleted is told apart. */
export function alreadyExists(
  type: ResourceType,
  name: string,
  isBeingDeleted: boolean,
): ApiError {
  return new ApiError({
    code: 409,
    reason: "AlreadyExists",
    message: `${isBeingDeleted ? "object is being deleted: " : ""}${resourceName(type)} ` +
      `"${name}" already exists`,
  });
}

/** 409: the object is not the one that the writer saw. */
export function conflict(type: ResourceType, name: string, why: string = MODIFIED): ApiError {
  return new ApiError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${resourceName(type)} "${name}": ${why}`,
  });
}

/** 409 of a deletion, whose message names the kind instead of the resource. */
export function preconditionFailed(type: ResourceType, name: string, why: string): ApiError {
  return new ApiError({
    code: 409,
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${kindName(type)} "${name}": ${why}`,
  });
}

/** 422: the object breaks the rules of its kind. */
export function invalid(
  type: ResourceType,
  name: string,
  problems: readonly FieldProblem[],
): ApiError {
  return invalidNamed(kindName(type), name, problems);
}

/** 422 about a thing that is not addressed by a resource type: a Scale, delete options. */
export function invalidNamed(
  subject: string,
  name: string,
  problems: readonly FieldProblem[],
): ApiError {
  const texts = [...new Set(problems.map(({ path, message }) => `${path}: ${message}`))];
  const told = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return new ApiError({
    code: 422,
    reason: "Invalid",
    message: `${subject} "${name}" is invalid: ${told}`,
  });
}

/** 422 of a patch that cannot be carried out; the server does not say why. */
export function rejectedPatch(): ApiError {
  return new ApiError({
    code: 422,
    reason: "Invalid",
    message: "the server rejected our request due to an error in our request",
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: "BadRequest", message });
}

/** 500: what the server did not foresee, or does not treat as the caller's fault. */
export function internalError(message: string): ApiError {
  return new ApiError({ code: 500, reason: "InternalError", message });
}

/** 410: the watch would start before what is remembered. */
export function expired(
  versions: { readonly wanted: number; readonly oldest: number },
): ApiError {
  return new ApiError({
    code: 410,
    reason: "Expired",
    message: `too old resource version: ${versions.wanted} (${versions.oldest})`,
  });
}
