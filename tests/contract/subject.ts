/** What a law is checked on: a cluster with the means to make objects and to let time pass. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { Cluster, WatchOptions } from "../../core/ports/mod.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import type { Observation } from "./observation.ts";

/** A cluster under test; its methods need no `this`. */
export interface Subject {
  readonly name: string;
  readonly cluster: Cluster;
  /** Makes a namespace that holds nothing of ours yet. */
  namespace(): Promise<string>;
  /** Lets time pass until the probe finds something; throws after `withinMs` (default 30 s). */
  eventually<T>(
    what: string,
    probe: () => Promise<T | undefined>,
    withinMs?: number,
  ): Promise<T>;
  /** Lets time pass. */
  elapse(durationMs: number): Promise<void>;
  /** Opens a watch that is stopped at the end of the law. */
  watch(type: ResourceType, options: WatchOptions): Observation;
  /** A resourceVersion whose history the server has forgotten; may touch this object for that. */
  forgottenVersion(type: ResourceType, object: ObjectRef): Promise<string>;
}
