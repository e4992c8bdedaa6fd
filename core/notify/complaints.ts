/** What keeps somebody from being told: on the log and as an event, once for each object. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import type { Log } from "../ports/log.ts";
import { NOT_TOLD_REASON } from "./names.ts";

/** Complaints that are remembered. */
const MEMORY_MAX = 4_096;

export interface ComplaintsOptions {
  readonly log: Log;
  readonly record: (object: KubeObject, drafts: readonly EventDraft[]) => void;
}

export class Complaints {
  readonly #options: ComplaintsOptions;
  readonly #told = new Set<string>();

  constructor(options: ComplaintsOptions) {
    this.#options = options;
  }

  /** Tells it unless it was told of this object. */
  tell(object: KubeObject, message: string, fields: Readonly<Record<string, string>> = {}): void {
    const { namespace = "", name, uid = "" } = object.metadata;
    const id = JSON.stringify([namespace, name, uid, message]);
    if (this.#told.has(id)) return;
    this.#told.add(id);
    const [oldest] = this.#told.size > MEMORY_MAX ? this.#told : [];
    if (oldest !== undefined) this.#told.delete(oldest);
    this.#options.log.error(message, { rollout: `${namespace}/${name}`, ...fields });
    this.#options.record(object, [{ type: "Warning", reason: NOT_TOLD_REASON, message }]);
  }
}
