import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Kind } from "./kind.ts";
import { badRequest, conflict, internalError, invalidNamed, resourceName } from "./status_error.ts";

/** Throws 400 when a patch gives the object another name or another namespace. */
export function checkAddressed({ metadata }: KubeObject, before: KubeObject): void {
  const { name, namespace } = before.metadata;
  if (!metadata?.name) {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${
        metadata.name ?? ""
      }) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace !== namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
}

/** Throws 409 when the writer saw an older object than the stored one, or another one. */
export function checkVersion(
  kind: Kind,
  before: KubeObject,
  write: {
    readonly written: KubeObject;
    readonly isPatch: boolean;
    /** Writing a Scale never needs a version. */
    readonly isScale?: boolean;
  },
): void {
  const { name, uid, resourceVersion } = before.metadata;
  const { resourceVersion: seen = "", uid: seenUid } = write.written.metadata;
  if (seen !== "" && seen !== null && !/^\d+$/.test(seen)) {
    throw internalError(`strconv.ParseUint: parsing ${JSON.stringify(seen)}: invalid syntax`);
  }
  const isAnyVersion = !seen || seen === "0";
  if (isAnyVersion && kind.isCustom && !write.isScale) {
    throw invalidNamed(resourceName(kind.type), name, [{
      path: "metadata.resourceVersion",
      message: "Invalid value: 0: must be specified for an update",
    }]);
  }
  if (!write.isPatch && seenUid && seenUid !== uid) {
    throw conflict(
      kind.type,
      name,
      `StorageError: invalid object, Code: 4, Key: ${storageKey(kind, before)}, ` +
        "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: " +
        `${seenUid}, UID in object meta: ${uid}`,
    );
  }
  if (!isAnyVersion && seen !== resourceVersion) throw conflict(kind.type, name);
}

/** Where the server keeps an object, which it tells in passing. */
function storageKey({ type, isCustom }: Kind, { metadata }: KubeObject): string {
  const folder = isCustom ? `${type.group}/${type.plural}` : type.plural;
  const room = type.plural === "services" && !isCustom ? "services/specs" : folder;
  return ["/registry", room, metadata.namespace, metadata.name].filter((part) => part).join("/");
}
