/** A cluster that notes which writes went through it, and how long each took. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { type ObjectRef, refOf } from "../../../sdk/wire/write.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";

export interface NotedWrite {
  /** `patch`. */
  readonly verb: string;
  readonly type: ResourceType;
  readonly subresource: string | undefined;
  readonly ref: ObjectRef;
  /** On the monotonic clock. */
  readonly startMs: number;
  readonly endMs: number;
  /** Absent: it came true. */
  readonly error?: unknown;
}

/** The cluster, and all its writes told once they are over. */
export function notingWrites(
  cluster: Cluster,
  clock: Clock,
  note: (write: NotedWrite) => void,
): Cluster {
  async function noted<Answer>(
    verb: string,
    about: { type: ResourceType; ref: ObjectRef; subresource: string | undefined },
    act: () => Promise<Answer>,
  ): Promise<Answer> {
    const startMs = clock.monotonic();
    const write = (): NotedWrite => ({ verb, ...about, startMs, endMs: clock.monotonic() });
    try {
      const answer = await act();
      note(write());
      return answer;
    } catch (error) {
      note({ ...write(), error });
      throw error;
    }
  }
  return {
    get: (type, ref) => cluster.get(type, ref),
    list: (type, selection) => cluster.list(type, selection),
    watch: (type, options, sink) => cluster.watch(type, options, sink),
    create: (type, object, options) =>
      noted(
        "create",
        { type, ref: refOf(object), subresource: options?.subresource },
        () => cluster.create(type, object, options),
      ),
    update: (type, object, options) =>
      noted(
        "update",
        { type, ref: refOf(object), subresource: options?.subresource },
        () => cluster.update(type, object, options),
      ),
    patch: (type, ref, patch, options) =>
      noted(
        "patch",
        { type, ref, subresource: options?.subresource },
        () => cluster.patch(type, ref, patch, options),
      ),
    delete: (type, ref, options) =>
      noted(
        "delete",
        { type, ref, subresource: undefined },
        () => cluster.delete(type, ref, options),
      ),
  };
}
