/** Objects in memory, as far as a metric provider needs a cluster. */
import type { KubeObject } from "../api/object.ts";
import type { MetricCluster } from "../metric_provider.ts";
import type { ResourceType } from "../wire/resource_type.ts";
import type { ObjectRef } from "../wire/write.ts";

export class MemoryCluster implements MetricCluster {
  /** `kind/namespace/name` of what was asked for, with the verb before it. */
  readonly calls: string[] = [];
  /** Kinds that were asked for, as `plural.group`. */
  readonly kinds: Set<string> = new Set();
  #objects = new Map<string, KubeObject>();
  #count = 0;

  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) this.#objects.set(keyOf(object.kind, object.metadata), object);
  }

  get objects(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  /** Changes objects as somebody else would. */
  edit(change: (object: KubeObject) => KubeObject): void {
    for (const [key, object] of this.#objects) this.#objects.set(key, change(object));
  }

  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject | undefined> {
    return Promise.resolve(this.#objects.get(this.#note("get", type, ref)));
  }

  /** Selectors of the form `a=b,c=d`. */
  list(
    type: ResourceType,
    { namespace, labelSelector = "" }: {
      readonly namespace: string;
      readonly labelSelector?: string;
    },
  ): Promise<readonly KubeObject[]> {
    this.#note("list", type, { namespace, name: "" });
    const wanted = labelSelector.split(",").filter((part) => part !== "");
    return Promise.resolve(
      this.objects.filter(({ kind, metadata }) =>
        kind === type.kind && metadata.namespace === namespace &&
        wanted.every((part) => {
          const [label = "", value = ""] = part.split("=");
          return metadata.labels?.[label] === value;
        })
      ),
    );
  }

  create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const key = this.#note("create", type, object.metadata);
    const present = this.#objects.get(key);
    if (present !== undefined) return Promise.resolve(present);
    this.#count++;
    const created: KubeObject = {
      ...structuredClone(object),
      metadata: {
        ...structuredClone(object.metadata),
        uid: `uid-${this.#count}`,
        creationTimestamp: new Date(1_700_000_000_000 + this.#count * 1000).toISOString(),
      },
    };
    this.#objects.set(key, created);
    return Promise.resolve(created);
  }

  delete(type: ResourceType, ref: ObjectRef): Promise<void> {
    this.#objects.delete(this.#note("delete", type, ref));
    return Promise.resolve();
  }

  #note(verb: string, type: ResourceType, ref: ObjectRef): string {
    const key = keyOf(type.kind, ref);
    this.calls.push(`${verb} ${key}`);
    this.kinds.add(kindOf(type));
    return key;
  }
}

/** How a kind is told apart: `jobs.batch`. */
export function kindOf({ plural, group }: ResourceType): string {
  return `${plural}.${group}`;
}

function keyOf(kind: string, { namespace, name }: ObjectRef): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}
