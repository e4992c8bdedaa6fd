/** Whether a Service had ready pods, and how long it had none. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { roundedSeconds } from "./pod_level.ts";

/** A time without any ready pod. */
export interface TimeEmpty {
  readonly seconds: number;
  readonly fromSeconds: number;
}

/** A pod that a Service leads to. */
export interface ReadyPod {
  readonly uid: string;
  readonly name: string;
}

/** Follows one Service from instant to instant, from its first ready pod on. */
export class ServiceLevel {
  #ready: readonly ReadyPod[] = [];
  #emptySeconds = 0;
  #longest: TimeEmpty | undefined;
  #fromSeconds: number | undefined;
  #hadPods = false;
  #deletedAtSeconds: number | undefined;

  /** True while all times without pods were those of a preview. */
  isPreview = true;

  /** An Experiment makes it for a while, and takes it away. */
  isOwned = false;

  get hadPods(): boolean {
    return this.#hadPods;
  }

  get isEmpty(): boolean {
    return this.#fromSeconds !== undefined;
  }

  /** Since when it is gone. */
  get deletedAtSeconds(): number | undefined {
    return this.#deletedAtSeconds;
  }

  /** The pods that were ready at the instant before. */
  get ready(): readonly ReadyPod[] {
    return this.#ready;
  }

  /** Takes the ready pods of an instant in; true when the last one has gone. */
  look(ready: readonly ReadyPod[], atSeconds: number): boolean {
    // While it was gone nobody got to its pods.
    if (this.#hadPods && !this.isOwned) this.#fromSeconds ??= this.#deletedAtSeconds;
    this.#deletedAtSeconds = undefined;
    const isBeginning = ready.length === 0 && this.#ready.length > 0;
    this.#ready = ready;
    if (ready.length > 0) {
      this.#hadPods = true;
      this.#end(atSeconds);
    } else if (isBeginning) this.#fromSeconds = atSeconds;
    return isBeginning;
  }

  /** It is gone; who reaches it is told of no missing pods any more. */
  delete(atSeconds: number): void {
    this.#deletedAtSeconds ??= atSeconds;
    this.#ready = [];
    this.#end(atSeconds);
  }

  #end(atSeconds: number): void {
    const last = this.longestEmpty(atSeconds);
    // What was mended within the same instant was nobody's loss.
    if (last?.seconds !== 0) this.#longest = last;
    this.#emptySeconds = this.emptySeconds(atSeconds);
    this.#fromSeconds = undefined;
  }

  /** It is to have no pods: that is nobody's loss. */
  excuse(): void {
    this.#fromSeconds = undefined;
  }

  /** All time without a ready pod so far. */
  emptySeconds(nowSeconds: number): number {
    const present = this.#fromSeconds === undefined ? 0 : nowSeconds - this.#fromSeconds;
    return roundedSeconds(this.#emptySeconds + present);
  }

  longestEmpty(nowSeconds: number): TimeEmpty | undefined {
    if (this.#fromSeconds === undefined) return this.#longest;
    const seconds = roundedSeconds(nowSeconds - this.#fromSeconds);
    // One that has just begun counts too: what comes after it is not known.
    const isLonger = seconds >= (this.#longest?.seconds ?? 0);
    return isLonger ? { seconds, fromSeconds: this.#fromSeconds } : this.#longest;
  }
}

/** The ready pods in the EndpointSlices of a Service. */
export function readyPodsIn(slices: readonly KubeObject[]): ReadyPod[] {
  return slices.flatMap((slice) => {
    const endpoints = slice["endpoints"];
    return (Array.isArray(endpoints) ? endpoints : []).flatMap((endpoint) => {
      const { conditions, targetRef } = fieldsOf(endpoint);
      const { uid, name } = fieldsOf(targetRef);
      if (fieldsOf(conditions)["ready"] !== true) return [];
      return typeof uid === "string" && typeof name === "string" ? [{ uid, name }] : [];
    });
  });
}
