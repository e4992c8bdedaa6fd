/** Who does things to the simulated cluster: gives commands, and lets things happen to pods. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { apiVersionOf, findResourceType, NAMESPACES, ROLLOUTS } from "../api/resources.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import {
  apply,
  CommandRefused,
  pause,
  promote,
  scale,
  setImage,
  type Target,
} from "../command/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Command } from "./command_text.ts";
import { ObjectRefused } from "./object_refused.ts";

const USER = "user";

/** Carries out the commands of a script, by the functions that the command line calls. */
export class User {
  readonly #embedded: EmbeddedCluster;
  readonly #client: Cluster;

  constructor(embedded: EmbeddedCluster) {
    this.#embedded = embedded;
    this.#client = embedded.client(USER);
  }

  /**
   * `files` are the objects of the files that `apply FILE` names.
   * @throws {CommandRefused}, {ApiError} or {ObjectRefused}
   */
  async carryOut(
    command: Command,
    files: ReadonlyMap<string, readonly KubeObject[]>,
  ): Promise<void> {
    switch (command.verb) {
      case "fail-image":
        return this.#embedded.failImage(command.image);
      case "pod-start":
        return this.#embedded.setPodStart(command.delayMs);
      case "apply":
        return await this.applyAll(files.get(command.file) ?? []);
    }
    const target = this.#targetOf(command.rollout);
    switch (command.verb) {
      case "set image":
        await setImage(this.#client, target, command);
        break;
      case "promote":
        await promote(this.#client, target, command);
        break;
      case "pause":
        await pause(this.#client, target);
        break;
      case "scale":
        await scale(this.#client, target, command);
        break;
    }
  }

  /** Applies objects in their order. @throws {ObjectRefused} */
  async applyAll(objects: readonly KubeObject[]): Promise<void> {
    for (const object of objects) {
      try {
        await this.#apply(object);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ObjectRefused(object, error.message);
      }
    }
  }

  async #apply(object: KubeObject): Promise<void> {
    const type = findResourceType(object);
    if (type === undefined) return;
    if (!type.namespaced) {
      await apply(this.#client, type, object);
      return;
    }
    const namespace = object.metadata.namespace ?? "default";
    await this.#ensureNamespace(namespace);
    const metadata = { ...object.metadata, namespace };
    await apply(this.#client, type, { ...object, metadata });
  }

  async #ensureNamespace(name: string): Promise<void> {
    const present = this.#embedded.objects(NAMESPACES);
    if (present.some(({ metadata }) => metadata.name === name)) return;
    const apiVersion = apiVersionOf(NAMESPACES);
    await this.#client.create(NAMESPACES, { apiVersion, kind: "Namespace", metadata: { name } });
  }

  /** The Rollout of that name, wherever it is, or of that `namespace/name`. */
  #targetOf(name: string): Target {
    const [, namespace, ownName] = /^([^/]+)\/([^/]+)$/.exec(name) ?? [];
    if (namespace !== undefined && ownName !== undefined) return { namespace, name: ownName };
    const found = this.#embedded.objects(ROLLOUTS).filter(({ metadata }) => metadata.name === name);
    const namespaces = found.map(({ metadata }) => metadata.namespace ?? "");
    if (namespaces.length > 1) {
      throw new CommandRefused(
        `there is a rollout "${name}" in each of the namespaces ${namespaces.join(", ")}: ` +
          `write "${namespaces[0]}/${name}"`,
      );
    }
    return { namespace: namespaces[0] ?? "default", name };
  }
}
