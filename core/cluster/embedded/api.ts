import { PODS } from "../../api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type {
  DeleteOptions,
  ObjectList,
  Selection,
  Subresource,
  WriteOptions,
} from "../../ports/cluster.ts";
import type { ObjectRef, Patch } from "../../../sdk/wire/write.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";
import { type ApiPorts, checkNamespace, checkSize, contextOf, named } from "./admission.ts";
import type { Caller } from "./caller.ts";
import { checkPolicy, deletionOf, refusedDeletion } from "./deletion.ts";
import { evict } from "./eviction.ts";
import { copyJson } from "./json.ts";
import type { Kind } from "./kind.ts";
import { checkNew, checkPatched, newObject, replaced } from "./object_rules.ts";
import { patched } from "./patch.ts";
import { checkAddressed, checkVersion } from "./preconditions.ts";
import { checkQuotas } from "./quota_check.ts";
import { randomUid } from "./random.ts";
import { scaleOf, withScale } from "./scale.ts";
import { filterOf } from "./selection.ts";
import { alreadyExists, internalError, notFound, unknownResource } from "./status_error.ts";
import { timestamp } from "../../api/values/time.ts";

/** One write, as the server carried it out; `changed` is false when it changed nothing. */
export interface WriteReport {
  readonly userAgent: string;
  readonly verb: "create" | "update" | "patch" | "delete";
  readonly type: ResourceType;
  readonly subresource?: Subresource;
  readonly namespace?: string;
  readonly name: string;
  readonly before?: KubeObject;
  /** Absent when the object is gone. */
  readonly after?: KubeObject;
  readonly changed: boolean;
}

type Writing = Pick<WriteReport, "verb" | "subresource"> & {
  readonly caller: Caller;
  readonly isDryRun: boolean;
};

/** The verbs of an API server, synchronous; each throws an `ApiError` for a refusal. */
export class Api {
  readonly #ports: ApiPorts;
  readonly #listeners: ((write: WriteReport) => void)[] = [];

  constructor(ports: ApiPorts) {
    this.#ports = ports;
  }

  onWrite(listener: (write: WriteReport) => void): void {
    this.#listeners.push(listener);
  }

  get(type: ResourceType, ref: ObjectRef): KubeObject {
    return this.#found(this.#ports.kinds.find(type), ref);
  }

  list(type: ResourceType, selection: Selection = {}): ObjectList {
    const { kinds, store } = this.#ports;
    const kind = kinds.find(type);
    const namespace = kind.type.namespaced ? selection.namespace || undefined : undefined;
    const all = store.list(kind, namespace);
    const isAll = !selection.labelSelector && !selection.fieldSelector;
    return {
      items: isAll ? all : all.filter(filterOf(kind, selection)),
      resourceVersion: String(store.version),
    };
  }

  create(
    caller: Caller,
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions = {},
  ): KubeObject {
    const { kinds, store, random, clock } = this.#ports;
    const kind = kinds.find(type);
    if (options.subresource !== undefined) return this.#evict(caller, kind, { object, options });
    const written = this.#read(caller, object);
    if (written.metadata.resourceVersion) {
      throw internalError("resourceVersion should not be set on objects to be created");
    }
    checkNamespace(this.#ports, kind, written);
    const made = newObject(
      kind,
      named(this.#ports, kind, written),
      contextOf(this.#ports, undefined),
    );
    checkNew(kind, made);
    checkQuotas(this.#ports, kind, made);
    // Before the look at the name: what is too large to send or to store is not compared.
    if (!caller.isTrusted) checkSize(made);
    const { namespace, name } = made.metadata;
    const taken = store.get(kind, namespace, name);
    if (taken !== undefined) {
      throw alreadyExists(type, name, taken.metadata.deletionTimestamp !== undefined);
    }
    const metadata: ObjectMeta = {
      ...made.metadata,
      // A definition that comes with its uid leaves the chance of all others as it was.
      uid: (caller.isTrusted ? written.metadata.uid : undefined) ?? randomUid(random),
      creationTimestamp: timestamp(clock.now()),
      ...(kind.generation === "none" ? {} : { generation: 1 }),
    };
    const complete: KubeObject = { ...made, metadata };
    if (options.dryRun) return complete;
    const after = store.put(kind, complete, undefined);
    this.#report(kind, after, {
      userAgent: caller.userAgent,
      verb: "create",
      after,
      changed: true,
    });
    return after;
  }

  /** Stores an object as it was read from a cluster, with status, uid and age. */
  restore(caller: Caller, type: ResourceType, read: KubeObject): KubeObject {
    const kind = this.#ports.kinds.find(type);
    const written = this.#read(caller, read);
    checkNamespace(this.#ports, kind, written);
    const made = newObject(kind, written, contextOf(this.#ports, undefined));
    checkNew(kind, made);
    const bare = { ...made, metadata: { ...made.metadata, ...kept(written.metadata) } };
    const status = kind.hasStatus ? written["status"] : undefined;
    const whole = status === undefined ? bare : replaced(kind, {
      before: bare,
      written: { ...bare, status },
      subresource: "status",
      context: contextOf(this.#ports, bare),
    });
    const after = this.#ports.store.put(kind, whole, undefined);
    const { userAgent } = caller;
    this.#report(kind, after, { userAgent, verb: "create", after, changed: true });
    return after;
  }

  /** Deletes a pod, unless a disruption budget forbids it. */
  #evict(
    { userAgent }: Caller,
    kind: Kind,
    { object, options }: { readonly object: KubeObject; readonly options: WriteOptions },
  ): KubeObject {
    const { subresource } = options;
    if (kind.type !== PODS || subresource !== "eviction") throw unknownResource();
    const before = this.#found(kind, object.metadata);
    const answer = evict({ ...this.#ports, api: this }, object, options);
    if (options.dryRun) return answer;
    this.#report(kind, before, { userAgent, verb: "create", subresource, before, changed: true });
    return answer;
  }

  update(
    caller: Caller,
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions = {},
  ): KubeObject {
    const kind = this.#kindOf(type, options.subresource);
    const before = this.#found(kind, object.metadata);
    const written = this.#read(caller, object);
    const writing = this.#writing(caller, "update", options);
    if (options.subresource === "scale") return this.#writeScale(kind, before, written, writing);
    checkVersion(kind, before, { written, isPatch: false });
    return this.#write(kind, before, written, writing);
  }

  patch(
    caller: Caller,
    type: ResourceType,
    ref: ObjectRef,
    { patch, options = {} }: { readonly patch: Patch; readonly options?: WriteOptions },
  ): KubeObject {
    const kind = this.#kindOf(type, options.subresource);
    if (patch.type === "strategic" && kind.isCustom) throw unsupportedPatch();
    const before = this.#found(kind, ref);
    const writing = this.#writing(caller, "patch", options);
    if (options.subresource === "scale" && kind.scale !== undefined) {
      const scale = patched(scaleOf(kind, kind.scale, before), patch);
      return this.#writeScale(kind, before, scale, writing);
    }
    const written = patched(before, patch);
    checkAddressed(written, before);
    checkPatched(kind, written);
    checkVersion(kind, before, { written, isPatch: true });
    return this.#write(kind, before, written, writing);
  }

  delete(
    caller: Caller,
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): KubeObject | undefined {
    const { kinds, clock, store } = this.#ports;
    const kind = kinds.find(type);
    checkPolicy(options);
    const before = this.#found(kind, ref);
    const refusal = refusedDeletion(kind, before, options);
    if (refusal !== undefined) throw refusal;
    const after = deletionOf(kind, before, { options, now: timestamp(clock.now()) });
    if (options.dryRun) return after;
    const verb = "delete";
    const { userAgent } = caller;
    if (after === undefined) {
      store.remove(kind, before);
      this.#report(kind, before, { userAgent, verb, before, changed: true });
      return undefined;
    }
    const stored = after === before ? before : store.put(kind, after, before);
    const changed = stored !== before;
    this.#report(kind, before, { userAgent, verb, before, after: stored, changed });
    return stored;
  }

  #writeScale(
    kind: Kind,
    before: KubeObject,
    scale: KubeObject,
    writing: Writing,
  ): KubeObject {
    const paths = kind.scale;
    if (paths === undefined) throw unknownResource();
    checkVersion(kind, before, { written: scale, isPatch: true, isScale: true });
    const written = withScale(kind, before, { paths, scale });
    return scaleOf(kind, paths, this.#write(kind, before, written, writing));
  }

  /** Stores what the write leads to; an object whose last finalizer went is removed. */
  #write(kind: Kind, before: KubeObject, written: KubeObject, writing: Writing): KubeObject {
    const { store } = this.#ports;
    const { caller, verb, subresource, isDryRun } = writing;
    const main = subresource === "scale" ? undefined : subresource;
    const context = contextOf(this.#ports, before);
    const next = replaced(kind, { before, written, subresource: main, context });
    if (next !== before && !caller.isTrusted) checkSize(next);
    if (isDryRun) return next;
    const { userAgent } = caller;
    const told = { userAgent, verb, ...(subresource && { subresource }), before };
    const { deletionTimestamp, finalizers } = next.metadata;
    if (next !== before && deletionTimestamp !== undefined && isEmpty(finalizers)) {
      store.remove(kind, next);
      this.#report(kind, next, { ...told, changed: true });
      return next;
    }
    const after = next === before ? before : store.put(kind, next, before);
    this.#report(kind, after, { ...told, after, changed: after !== before });
    return after;
  }

  #writing(caller: Caller, verb: "update" | "patch", options: WriteOptions): Writing {
    const { subresource, dryRun = false } = options;
    return { caller, verb, ...(subresource && { subresource }), isDryRun: dryRun };
  }

  #report(
    { type }: Kind,
    { metadata }: KubeObject,
    write: Omit<WriteReport, "type" | "namespace" | "name">,
  ): void {
    if (this.#listeners.length === 0) return;
    const { namespace, name } = metadata;
    const report: WriteReport = { ...write, type, ...(namespace && { namespace }), name };
    for (const listener of this.#listeners) listener(report);
  }

  #kindOf(type: ResourceType, subresource: Subresource | undefined): Kind {
    const kind = this.#ports.kinds.find(type);
    if (subresource === "status" && !kind.hasStatus) throw unknownResource();
    if (subresource === "scale" && kind.scale === undefined) throw unknownResource();
    if (subresource === "eviction") throw unknownResource();
    return kind;
  }

  #found(kind: Kind, { namespace, name }: ObjectRef): KubeObject {
    const home = kind.type.namespaced ? namespace : undefined;
    if (kind.type.namespaced && !home) {
      throw new TypeError(`Cannot address ${kind.type.kind} "${name}": no namespace is given`);
    }
    const object = this.#ports.store.get(kind, home, name);
    if (object === undefined) throw notFound(kind.type, name);
    return object;
  }

  #read({ isTrusted }: Caller, object: KubeObject): KubeObject {
    return isTrusted ? object : copyJson(object);
  }
}

/** What the server says in metadata, and goes on to hold of an object that is restored. */
function kept(metadata: ObjectMeta): Partial<ObjectMeta> {
  const { uid, generation, creationTimestamp, deletionTimestamp } = metadata;
  return {
    ...(uid !== undefined && { uid }),
    ...(generation !== undefined && { generation }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  };
}

function isEmpty(list: readonly unknown[] | undefined): boolean {
  return list === undefined || list.length === 0;
}

function unsupportedPatch(): ApiError {
  return new ApiError({
    code: 415,
    reason: "UnsupportedMediaType",
    message: "the body of the request was in an unknown format - accepted media types include: " +
      "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
  });
}
