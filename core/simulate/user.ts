/** The user of the simulated cluster: gives it the commands that a script says. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { apiVersionOf, type ResourceType } from "../../sdk/wire/resource_type.ts";
import { findResourceType, NAMESPACES, PODS, ROLLOUTS } from "../api/names/resources.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import {
  abort,
  apply,
  pause,
  promote,
  restart,
  retry,
  scale,
  setImage,
  type Target,
  undo,
} from "../command/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Cluster, DeleteOptions } from "../ports/cluster.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { addressOf, addressOfPod } from "./address.ts";
import type { UserCommand } from "./command.ts";
import { ObjectRefused } from "./object_refused.ts";

/** The name under which the user writes. */
export const USER = "user";

/** Verbs about any number of Rollouts. */
const SEVERAL = { abort, retry, pause };

/** Carries out the commands of a script, by the functions that the command line calls. */
export class User {
  readonly #embedded: EmbeddedCluster;
  readonly #client: Cluster;

  constructor(embedded: EmbeddedCluster) {
    this.#embedded = embedded;
    this.#client = embedded.client(USER);
  }

  /**
   * Gives what the command line prints. `files` are the objects of the files that `apply FILE`
   * names.
   * @throws {CommandRefused}, {ApiError} or {ObjectRefused}
   */
  async carryOut(
    command: UserCommand,
    { nowMs, files }: { nowMs: number; files: ReadonlyMap<string, readonly KubeObject[]> },
  ): Promise<string> {
    switch (command.verb) {
      case "apply":
        return (await this.applyAll(files.get(command.file) ?? [])).join("; ");
      case "delete":
        return await this.#delete(command.type, this.#addressOf(command.type, command.name), {
          propagationPolicy: command.cascade,
        });
      case "delete-pod":
        return await this.#delete(PODS, addressOfPod(this.#embedded, command.pod));
      case "abort":
      case "retry":
      case "pause":
        return await this.#each(command.rollouts, SEVERAL[command.verb]);
    }
    const client = this.#client;
    const target = this.#addressOf(ROLLOUTS, command.rollout);
    switch (command.verb) {
      case "set image":
        return await setImage(client, target, command);
      case "promote":
        return await promote(client, target, command.options);
      case "restart":
        return await restart(client, target, { nowMs, ...command });
      case "undo":
        return await undo(client, target, command);
      case "scale":
        return await scale(client, target, command);
    }
  }

  async #each(
    rollouts: readonly string[],
    tell: (cluster: Cluster, target: Target) => Promise<string>,
  ): Promise<string> {
    const answers: string[] = [];
    for (const name of rollouts) {
      answers.push(await tell(this.#client, this.#addressOf(ROLLOUTS, name)));
    }
    return answers.join("; ");
  }

  async #delete(type: ResourceType, ref: ObjectRef, options?: DeleteOptions): Promise<string> {
    await this.#client.delete(type, ref, options);
    const kind = type.kind.toLowerCase();
    const group = type.group === "" ? "" : `.${type.group}`;
    return `${kind}${group} "${ref.name}" deleted`;
  }

  /** Applies objects in their order; gives what became of each. @throws {ObjectRefused} */
  async applyAll(objects: readonly KubeObject[]): Promise<string[]> {
    const answers: string[] = [];
    for (const object of objects) {
      try {
        answers.push(
          `${object.kind.toLowerCase()}/${object.metadata.name} ` +
            await this.#apply(object),
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ObjectRefused(object, error.message);
      }
    }
    return answers;
  }

  async #apply(object: KubeObject): Promise<string> {
    const type = findResourceType(object);
    if (type === undefined) return "ignored";
    if (!type.namespaced) return await apply(this.#client, type, object);
    const namespace = object.metadata.namespace ?? "default";
    await this.#ensureNamespace(namespace);
    const metadata = { ...object.metadata, namespace };
    return await apply(this.#client, type, { ...object, metadata });
  }

  async #ensureNamespace(name: string): Promise<void> {
    const present = this.#embedded.objects(NAMESPACES);
    if (present.some(({ metadata }) => metadata.name === name)) return;
    const apiVersion = apiVersionOf(NAMESPACES);
    await this.#client.create(NAMESPACES, { apiVersion, kind: "Namespace", metadata: { name } });
  }

  #addressOf(type: ResourceType, name: string): Target {
    return addressOf(this.#embedded, type, name);
  }
}
