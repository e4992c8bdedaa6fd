/**
 * A cluster whose answers, delays and watch events are in the test's hand. It keeps a truth
 * (objects with versions), so that a test says only what goes wrong: which call is refused, whose
 * answer is late or lost, and how far each watch has told.
 */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { equalJson, keyOf, keyOfObject } from "../../../core/engine/mod.ts";
import type {
  Cluster,
  DeleteOptions,
  ObjectList,
  Selection,
  WatchEvent,
  WatchEventType,
  WatchHandle,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "../../../core/ports/mod.ts";
import type { ObjectRef, Patch } from "../../../sdk/wire/write.ts";
import { ApiError, UnreachableError } from "../../../core/ports/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { merged } from "./merged.ts";

export type Verb = "get" | "list" | "create" | "update" | "patch" | "delete";

/** One call that was made. */
export interface Call {
  readonly verb: Verb;
  readonly plural: string;
  readonly name: string;
  readonly body: unknown;
  readonly subresource: string | undefined;
}

/** An answer that waits for the test. */
export interface HeldAnswer {
  release(): void;
  fail(error: Error): void;
}

interface Rule {
  readonly verb: Verb;
  readonly plural: string;
  readonly name: string | undefined;
  left: number;
  /** Does the call, or does not. */
  readonly run: (act: () => unknown, call: Call) => Promise<unknown>;
}

/** A watch that tells only when the test says so. */
export class ScriptedWatch implements WatchHandle {
  isStopped = false;
  isOver = false;

  constructor(
    readonly plural: string,
    readonly options: WatchOptions,
    readonly sink: WatchSink,
    readonly changes: readonly WatchEvent[],
  ) {
    this.toldUpTo = Number(options.resourceVersion);
  }

  toldUpTo: number;

  stop(): void {
    this.isStopped = true;
  }

  /** Tells all that has happened since it last told, up to that version. */
  tell(upTo = Infinity): void {
    for (const event of this.changes) {
      const version = versionOf(event.object);
      if (version <= this.toldUpTo || version > upTo) continue;
      this.toldUpTo = version;
      this.sink.event(event);
    }
  }

  bookmark(version: number): void {
    this.toldUpTo = Math.max(this.toldUpTo, version);
    const metadata = { name: "", resourceVersion: String(version) };
    this.sink.event({ type: "BOOKMARK", object: { apiVersion: "v1", kind: "", metadata } });
  }

  end(error?: Error): void {
    this.isOver = true;
    this.sink.end(error);
  }
}

export function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion);
}

export function refusal(
  code: number,
  reason: string,
  message = `${reason} of the test`,
  retryAfterSeconds?: number,
) {
  return new ApiError({
    ...{ code, reason, message },
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

export class ScriptedCluster implements Cluster {
  readonly calls: Call[] = [];
  readonly watches: ScriptedWatch[] = [];
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #changes = new Map<string, WatchEvent[]>();
  readonly #rules: Rule[] = [];
  #version = 100;
  #uids = 0;

  /** The version of the newest write. */
  get version(): number {
    return this.#version;
  }

  // What the test says.

  /** Somebody else creates or replaces an object. */
  put(type: ResourceType, object: KubeObject): KubeObject {
    const before = this.#shelf(type).get(keyOfObject(object));
    const uid = object.metadata.uid ?? before?.metadata.uid ?? `uid-${++this.#uids}`;
    return this.#store(type, { ...object, metadata: { ...object.metadata, uid } }, before);
  }

  /** Somebody else deletes an object. */
  remove(type: ResourceType, ref: ObjectRef): void {
    const key = keyOf(ref.namespace, ref.name);
    const before = this.#shelf(type).get(key);
    if (before === undefined) throw new Error(`Cannot remove "${key}": it is not there`);
    this.#shelf(type).delete(key);
    const metadata = { ...before.metadata, resourceVersion: String(++this.#version) };
    this.#note(type, "DELETED", { ...before, metadata });
  }

  present(type: ResourceType, ref: ObjectRef): KubeObject | undefined {
    return this.#shelf(type).get(keyOf(ref.namespace, ref.name));
  }

  objects(type: ResourceType): KubeObject[] {
    return [...this.#shelf(type).values()];
  }

  /** The newest watch of a type. */
  watchOf(type: ResourceType): ScriptedWatch {
    const watch = this.watches.findLast(({ plural }) => plural === type.plural);
    if (watch === undefined) throw new Error(`Cannot find a watch of "${type.plural}"`);
    return watch;
  }

  /** The next so many such calls fail, and nothing comes of them. */
  refuse(
    verb: Verb,
    type: ResourceType,
    { error, times = 1, name }: { error: Error; times?: number; name?: string },
  ): void {
    this.#rule(verb, type, { times, name, run: () => Promise.reject(error) });
  }

  /** The next such call comes true, and its answer is lost on the way. */
  loseAnswer(verb: Verb, type: ResourceType): void {
    const run = (act: () => unknown) => {
      act();
      return Promise.reject(new UnreachableError("Cannot hear the cluster: the line is dead"));
    };
    this.#rule(verb, type, { times: 1, run });
  }

  /** The next so many patches are answered with the object as it is, and nothing comes of them. */
  ignore(type: ResourceType, times = Infinity): void {
    const run = (_act: () => unknown, { name }: Call) =>
      Promise.resolve(this.objects(type).find(({ metadata }) => metadata.name === name));
    this.#rule("patch", type, { times, run });
  }

  /** From now on a webhook undoes what patches say, and leaves a stamp: the version goes on. */
  undo(type: ResourceType, { isLate = false } = {}): void {
    const run = (act: () => unknown, { name }: Call) => {
      const before = this.objects(type).find(({ metadata }) => metadata.name === name);
      if (before === undefined) return Promise.reject(refusal(404, "NotFound"));
      const answer = isLate ? act() : undefined;
      const annotations = { ...before.metadata.annotations, stamp: String(this.#version) };
      const { uid, namespace } = before.metadata;
      const metadata = { name, uid: uid ?? "", annotations };
      const undone = this.put(type, {
        ...before,
        metadata: namespace === undefined ? metadata : { ...metadata, namespace },
      });
      return Promise.resolve(answer ?? undone);
    };
    this.#rule("patch", type, { times: Infinity, run });
  }

  /** The next such call comes true at once (or fails), and its answer waits. */
  hold(verb: Verb, type: ResourceType): HeldAnswer {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const run = (act: () => unknown) => {
      let answer: unknown;
      let refused: unknown;
      try {
        answer = act();
      } catch (error) {
        refused = error;
      }
      return promise.then(() => {
        if (refused !== undefined) throw refused;
        return answer;
      });
    };
    this.#rule(verb, type, { times: 1, run });
    return { release: resolve, fail: reject };
  }

  /** The calls of these verbs, as `verb plural name`; those of `status` with it. */
  said(...verbs: Verb[]): string[] {
    return this.calls.filter(({ verb }) => verbs.includes(verb))
      .map(({ verb, plural, name, subresource }) =>
        `${verb} ${plural}${subresource === undefined ? "" : `/${subresource}`} ${name}`
      );
  }

  /** All writes but those of events. */
  writes(): string[] {
    return this.said("create", "update", "patch", "delete").filter((call) =>
      !call.includes(" events ")
    );
  }

  // The cluster port.

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject> {
    return this.#call({ verb: "get", type, name: ref.name }, () => this.#find(type, ref));
  }

  list(type: ResourceType, _selection: Selection = {}): Promise<ObjectList> {
    return this.#call({ verb: "list", type, name: "" }, () => ({
      items: this.objects(type),
      resourceVersion: String(this.#version),
    }));
  }

  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle {
    const watch = new ScriptedWatch(type.plural, options, sink, this.#changesOf(type));
    this.watches.push(watch);
    return watch;
  }

  create(
    type: ResourceType,
    object: KubeObject,
    { subresource }: WriteOptions = {},
  ): Promise<KubeObject> {
    const { name } = object.metadata;
    return this.#call({ verb: "create", type, name, body: object, subresource }, () => {
      if (subresource !== undefined) return object;
      if (this.#shelf(type).has(keyOfObject(object))) {
        throw refusal(409, "AlreadyExists", `${type.plural} "${name}" already exists`);
      }
      return this.put(type, object);
    });
  }

  update(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const { name, resourceVersion } = object.metadata;
    return this.#call({ verb: "update", type, name, body: object }, () => {
      const before = this.#find(type, object.metadata);
      if (
        (resourceVersion ?? before.metadata.resourceVersion) !== before.metadata.resourceVersion
      ) {
        throw refusal(409, "Conflict", `${type.plural} "${name}" has been modified`);
      }
      return this.#store(type, object, before);
    });
  }

  patch(
    type: ResourceType,
    ref: ObjectRef,
    { body }: Patch,
    { subresource }: WriteOptions = {},
  ): Promise<KubeObject> {
    return this.#call({ verb: "patch", type, name: ref.name, body, subresource }, () => {
      const before = this.#find(type, ref);
      const wanted = (body as KubeObject).metadata?.resourceVersion;
      if (wanted !== undefined && wanted !== before.metadata.resourceVersion) {
        throw refusal(409, "Conflict", `${type.plural} "${ref.name}" has been modified`);
      }
      const after = merged(before, body) as KubeObject;
      return equalJson(before, after) ? before : this.#store(type, after, before);
    });
  }

  delete(
    type: ResourceType,
    ref: ObjectRef,
    { preconditions = {} }: DeleteOptions = {},
  ): Promise<KubeObject | undefined> {
    return this.#call({ verb: "delete", type, name: ref.name, body: preconditions }, () => {
      const { uid, resourceVersion } = this.#find(type, ref).metadata;
      const isOther = (preconditions.uid ?? uid) !== uid ||
        (preconditions.resourceVersion ?? resourceVersion) !== resourceVersion;
      if (isOther) throw refusal(409, "Conflict");
      this.remove(type, ref);
      return undefined;
    });
  }

  #call<Answer>(
    call: {
      verb: Verb;
      type: ResourceType;
      name: string;
      body?: unknown;
      subresource?: string | undefined;
    },
    act: () => Answer,
  ): Promise<Answer> {
    const { verb, type: { plural }, name, body, subresource } = call;
    const made: Call = { verb, plural, name, body, subresource };
    this.calls.push(made);
    const rule = this.#rules.find((rule) =>
      rule.left > 0 && rule.verb === verb && rule.plural === plural &&
      (rule.name ?? name) === name
    );
    if (rule === undefined) return Promise.resolve().then(act);
    rule.left--;
    return rule.run(act, made) as Promise<Answer>;
  }

  #rule(
    verb: Verb,
    { plural }: ResourceType,
    { times, name, run }: { times: number; name?: string | undefined; run: Rule["run"] },
  ): void {
    this.#rules.push({ verb, plural, name, left: times, run });
  }

  #find(type: ResourceType, ref: ObjectRef): KubeObject {
    const found = this.present(type, ref);
    if (found !== undefined) return found;
    throw refusal(404, "NotFound", `${type.plural} "${ref.name}" not found`);
  }

  #store(type: ResourceType, object: KubeObject, before: KubeObject | undefined): KubeObject {
    const isOther = !equalJson(before?.["spec"], object["spec"]);
    const generation = (before?.metadata.generation ?? 0) + (isOther ? 1 : 0);
    const resourceVersion = String(++this.#version);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion, generation } };
    this.#shelf(type).set(keyOfObject(stored), stored);
    this.#note(type, before === undefined ? "ADDED" : "MODIFIED", stored);
    return stored;
  }

  #note(type: ResourceType, kind: WatchEventType, object: KubeObject): void {
    this.#changesOf(type).push({ type: kind, object });
  }

  #changesOf({ plural }: ResourceType): WatchEvent[] {
    let changes = this.#changes.get(plural);
    if (changes === undefined) this.#changes.set(plural, changes = []);
    return changes;
  }

  #shelf({ plural }: ResourceType): Map<string, KubeObject> {
    let shelf = this.#objects.get(plural);
    if (shelf === undefined) this.#objects.set(plural, shelf = new Map());
    return shelf;
  }
}
