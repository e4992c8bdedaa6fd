/** A cluster with webhooks: they refuse writes of the controller, or undo what they say. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { ObjectRef, Patch } from "../../../sdk/wire/write.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Cluster, DeleteOptions, WriteOptions } from "../../../core/ports/cluster.ts";

/** How a webhook takes a write. `undo` leaves a stamp, so that the version goes on all the same. */
export type Manner = "refuse" | "undo" | "undo later" | "conflict" | "busy";

/** Which writes it is about: `patch replicasets`, `patch rollouts/status`, … */
export interface Webhook {
  readonly about: string;
  readonly manner: Manner;
}

/** One write that the controller tried. */
export interface Attempt {
  readonly atMs: number;
  /** The write without the version that it was decided on. */
  readonly text: string;
}

const VERSION = /"resourceVersion":"[^"]*",?/g;

export class Webhooks {
  readonly attempts: Attempt[] = [];
  #present: readonly Webhook[] = [];
  #stamps = 0;
  readonly #inner: Cluster;
  readonly #nowMs: () => number;

  constructor(inner: Cluster, nowMs: () => number) {
    this.#inner = inner;
    this.#nowMs = nowMs;
  }

  /** From now on these are there, and no others. */
  install(webhooks: readonly Webhook[]): void {
    this.#present = webhooks;
  }

  /** True while one of them is about such writes. */
  areAbout(about: string): boolean {
    return this.#present.some((webhook) => webhook.about === about);
  }

  get isAnyPassing(): boolean {
    return this.#present.some(({ manner }) => manner === "conflict" || manner === "busy");
  }

  /** The cluster as the controller sees it. */
  client(): Cluster {
    const inner = this.#inner;
    return {
      get: (type, ref) => inner.get(type, ref),
      list: (type, selection) => inner.list(type, selection),
      watch: (type, options, sink) => inner.watch(type, options, sink),
      update: (type, object, options) => inner.update(type, object, options),
      create: (type, object, options) => this.#create(type, object, options),
      patch: (type, ref, patch, options) => this.#patch(type, ref, { patch, options }),
      delete: (type, ref, options) => this.#delete(type, ref, options),
    };
  }

  #find(about: string, name: string, body: unknown): Webhook | undefined {
    if (!about.endsWith(" events")) {
      const text = `${about} ${name} ${JSON.stringify(body ?? null).replaceAll(VERSION, "")}`;
      this.attempts.push({ atMs: this.#nowMs(), text });
    }
    return this.#present.find((webhook) => webhook.about === about);
  }

  async #create(
    type: ResourceType,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<KubeObject> {
    const name = object.metadata.name;
    const webhook = this.#find(aboutOf("create", type, options.subresource), name, object);
    refuse(webhook);
    if (webhook === undefined || options.subresource !== undefined) {
      return await this.#inner.create(type, object, options);
    }
    const spec = { ...object["spec"] as object, replicas: 0 };
    return await this.#inner.create(type, { ...object, spec }, options);
  }

  async #patch(
    type: ResourceType,
    ref: ObjectRef,
    { patch, options = {} }: { patch: Patch; options: WriteOptions | undefined },
  ): Promise<KubeObject> {
    const webhook = this.#find(aboutOf("patch", type, options.subresource), ref.name, patch.body);
    refuse(webhook);
    if (webhook === undefined) return await this.#inner.patch(type, ref, patch, options);
    const before = await this.#inner.get(type, ref);
    const answer = webhook.manner === "undo later"
      ? await this.#inner.patch(type, ref, patch, options)
      : undefined;
    if (answer !== undefined) await this.#restore(type, before, options);
    const annotations = { stamp: String(++this.#stamps) };
    const stamped = await this.#inner.patch(type, ref, {
      type: "merge",
      body: { metadata: { annotations } },
    });
    return answer ?? stamped;
  }

  /** What a patch may have changed is as it was. */
  async #restore(type: ResourceType, before: KubeObject, options: WriteOptions): Promise<void> {
    const ref = { ...before.metadata };
    const now = await this.#inner.get(type, ref);
    if (options.subresource === "status") {
      const { resourceVersion: _, ...metadata } = now.metadata;
      await this.#inner.update(type, { ...now, metadata, status: before["status"] }, options);
      return;
    }
    const { annotations, labels } = before.metadata;
    const { resourceVersion: _, ...metadata } = now.metadata;
    await this.#inner.update(type, {
      ...now,
      metadata: {
        ...metadata,
        ...(annotations === undefined ? {} : { annotations }),
        ...(labels === undefined ? {} : { labels }),
      },
      ...(before["spec"] === undefined ? {} : { spec: before["spec"] }),
    });
  }

  async #delete(
    type: ResourceType,
    ref: ObjectRef,
    options: DeleteOptions = {},
  ): Promise<KubeObject | undefined> {
    refuse(this.#find(aboutOf("delete", type), ref.name, options.preconditions));
    return await this.#inner.delete(type, ref, options);
  }
}

function aboutOf(verb: string, { plural }: ResourceType, subresource?: string): string {
  return `${verb} ${plural}${subresource === undefined ? "" : `/${subresource}`}`;
}

const REFUSALS: Readonly<Record<string, { code: number; reason: string }>> = {
  refuse: { code: 403, reason: "Forbidden" },
  conflict: { code: 409, reason: "Conflict" },
  busy: { code: 503, reason: "ServiceUnavailable" },
};

function refuse(webhook: Webhook | undefined): void {
  const refusal = REFUSALS[webhook?.manner ?? ""];
  if (refusal === undefined) return;
  throw new ApiError({ ...refusal, message: `admission webhook denied: ${webhook?.about}` });
}
