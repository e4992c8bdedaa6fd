import { ApiError } from "../../ports/api_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import type { Addresses } from "./addresses.ts";
import type { DefaultingContext, Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { generatedName } from "./metadata.ts";
import { randomSuffix } from "./random.ts";
import { internalError, notFound, resourceName } from "./status_error.ts";
import type { Store } from "./store.ts";

const OBJECT_BYTES_MAX = 1.5 * 1024 * 1024;
const REQUEST_BYTES_MAX = 3 * 1024 * 1024;
const NAME_ATTEMPTS = 8;

/** What the verbs of the API work on. */
export interface ApiPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly kinds: Kinds;
  readonly addresses: Addresses;
}

/** Throws unless the namespace of a new object takes it. */
export function checkNamespace(ports: ApiPorts, { type }: Kind, { metadata }: KubeObject): void {
  if (!type.namespaced) return;
  const { name, namespace } = metadata;
  if (!namespace) {
    throw new TypeError(`Cannot create ${type.kind} "${name ?? ""}": no namespace is given`);
  }
  const namespaces = ports.kinds.builtIn("Namespace");
  const home = ports.store.get(namespaces, undefined, namespace);
  if (home === undefined) throw notFound(namespaces.type, namespace);
  if (home.metadata.deletionTimestamp === undefined) return;
  throw new ApiError({
    code: 403,
    reason: "Forbidden",
    message: `${resourceName(type)} "${name}" is forbidden: unable to create new content in ` +
      `namespace ${namespace} because it is being terminated`,
  });
}

/** A new object with a name, also when its writer gave only the beginning of one. */
export function named(ports: ApiPorts, kind: Kind, written: KubeObject): KubeObject {
  const { name, generateName, namespace, ...rest } = written.metadata;
  const home = kind.type.namespaced && namespace ? { namespace } : {};
  const metadata = { ...rest, ...home, ...(generateName && { generateName }) };
  if (name || !generateName) return { ...written, metadata: { ...metadata, name } };
  let found = "";
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    found = generatedName(generateName, randomSuffix(ports.random));
    if (ports.store.get(kind, home.namespace, found) === undefined) break;
  }
  return { ...written, metadata: { ...metadata, name: found } };
}

/** What the defaults of an object may depend on. */
export function contextOf(ports: ApiPorts, before: KubeObject | undefined): DefaultingContext {
  const { addresses, random } = ports;
  return { random, before, isAddressTaken: (address) => addresses.isTaken(address) };
}

/** Throws when an object is too large for a request, or for the server's own store. */
export function checkSize(object: KubeObject): void {
  if (lettersAtMost(object) <= OBJECT_BYTES_MAX) return;
  // Bytes for ASCII, less than the truth for other text.
  const bytes = JSON.stringify(object).length;
  if (bytes > REQUEST_BYTES_MAX) {
    throw new ApiError({
      code: 413,
      reason: "RequestEntityTooLarge",
      message: `Request entity too large: limit is ${REQUEST_BYTES_MAX}`,
    });
  }
  // The server passes on what its store says, which is no fault that it foresaw.
  if (bytes > OBJECT_BYTES_MAX) throw internalError("etcdserver: request is too large");
}

/** A letter may be written as six, as in `\\u0007`. */
const LETTERS_PER_LETTER = 6;
/** Of numbers, booleans and null, and of what stands between values. */
const LETTERS_PER_VALUE = 26;

/** How long a value is as JSON, at most: found without its text, which would take long to make. */
function lettersAtMost(value: unknown): number {
  if (typeof value === "string") return LETTERS_PER_LETTER * value.length + LETTERS_PER_VALUE;
  let most = LETTERS_PER_VALUE;
  if (typeof value !== "object" || value === null) return most;
  if (Array.isArray(value)) {
    for (const item of value) most += lettersAtMost(item);
    return most;
  }
  for (const key in value) {
    most += LETTERS_PER_LETTER * key.length + lettersAtMost((value as Fields)[key]);
  }
  return most;
}
