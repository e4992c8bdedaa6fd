/**
 * The cluster port: what Sluice needs of a Kubernetes API. It has two implementations, the real API
 * server (`core/cluster/kube`) and the embedded one (`core/cluster/embedded`); the contract suite
 * in `tests/contract` runs on both.
 */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ObjectRef, Patch } from "../../sdk/wire/write.ts";

/** Which objects a list or a watch is about; selectors in the API's own syntax (`a=b,c in (d)`). */
export interface Selection {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** A complete list (an implementation pages by itself) and the resourceVersion it was true at. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** Where a watch starts, and how long (seconds) the server keeps it before it ends by itself. */
export interface WatchOptions extends Selection {
  readonly resourceVersion: string;
  readonly timeoutSeconds?: number;
}

export type WatchEventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";

/** One change; a BOOKMARK's object carries only `metadata.resourceVersion`. */
export interface WatchEvent {
  readonly type: WatchEventType;
  readonly object: KubeObject;
}

/** Receives a watch. No method may throw. */
export interface WatchSink {
  /** The server has begun to tell; nothing need be told yet. */
  opened?(): void;
  event(event: WatchEvent): void;
  /** Called once, last. No error: it ended in good order; an `ApiError` 410: list again. */
  end(error?: Error): void;
}

/** Ends a watch; `end` of its sink is not called any more. */
export interface WatchHandle {
  stop(): void;
}

/** `eviction` is only created: it asks a pod to go, within its disruption budgets. */
export type Subresource = "status" | "scale" | "eviction";

/** Called right before a write leaves, after all waiting: it throws when the write must not. */
export type WriteGuard = () => void;

export interface WriteOptions {
  readonly guard?: WriteGuard;
  readonly subresource?: Subresource;
  /** Everything is checked and defaulted, nothing is stored. */
  readonly dryRun?: boolean;
}

export interface DeleteOptions {
  readonly guard?: WriteGuard;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

/**
 * Every method rejects with an `ApiError` for an answer of the server, and with an
 * `UnreachableError` when there was none (the write may or may not have happened).
 * Objects handed out may be shared and frozen: never change them.
 */
export interface Cluster {
  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject>;
  list(type: ResourceType, selection?: Selection): Promise<ObjectList>;
  watch(type: ResourceType, options: WatchOptions, sink: WatchSink): WatchHandle;
  create(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /** Replaces the object; its `metadata.resourceVersion`, when given, must be the present one. */
  update(type: ResourceType, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(
    type: ResourceType,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<KubeObject>;
  /** The object when it lives on (finalizers, grace period); undefined when it is gone. */
  delete(
    type: ResourceType,
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<KubeObject | undefined>;
}
