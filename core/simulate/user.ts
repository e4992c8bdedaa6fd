/** The user of the simulated cluster: gives it the commands that a script says. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { NO_PLUGINS, type PluginRegistry } from "../../sdk/registry.ts";
import { apiVersionOf } from "../../sdk/wire/resource_type.ts";
import { findResourceType, findTypeByName, NAMESPACES, ROLLOUTS } from "../api/names/resources.ts";
import { type EmbeddedCluster, RestoreRefused } from "../cluster/embedded/mod.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { apply, CommandRefused } from "../command/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Cluster } from "../ports/cluster.ts";
import { addressOf, type Place } from "./address.ts";
import type { Command } from "./command.ts";
import { carryOut } from "./command_text.ts";
import { asManifest, withoutServerFields } from "./live_objects.ts";
import { atStart } from "./live_times.ts";
import { troublesIn } from "./live_troubles.ts";
import { ObjectRefused } from "./object_refused.ts";
import { typeProblemOf } from "./object_types.ts";
import { routedTypeOf, routedTypes } from "./routed_kinds.ts";

/** The name under which the user writes. */
export const USER = "user";

/** Carries out the commands of a script, by the functions that the command line calls. */
export class User {
  readonly #embedded: EmbeddedCluster;
  readonly #client: Cluster;

  /** Types besides those that are built in. */
  readonly #types: readonly ResourceType[];

  readonly #plugins: PluginRegistry;

  constructor(
    embedded: EmbeddedCluster,
    types: readonly ResourceType[] = [],
    plugins: PluginRegistry = NO_PLUGINS,
  ) {
    this.#plugins = plugins;
    this.#embedded = embedded;
    this.#types = types;
    this.#client = embedded.client(USER);
  }

  /** Whether a command can mean anything here. @throws {CommandRefused} */
  check(command: Command): void {
    if (command.verb === "delete") this.#typeNamed(command.kind);
  }

  /**
   * Gives what the command line prints; nothing for what happens to the world. `files` are the
   * objects of the files that `apply FILE` names.
   * @throws {CommandRefused}, {ApiError} or {ObjectRefused}
   */
  async carryOut(
    command: Command,
    { nowMs, files }: { nowMs: number; files: ReadonlyMap<string, readonly KubeObject[]> },
  ): Promise<string> {
    const embedded = this.#embedded;
    const place: Place = "namespace" in command ? { namespace: command.namespace } : {};
    const answer = await carryOut({
      cluster: this.#client,
      embedded,
      nowMs,
      place,
      locate: (name, type = ROLLOUTS) => addressOf(embedded, type, { name, ...place }),
      typeOf: (kind) => this.#typeNamed(kind),
      applyFile: (file) => this.applyAll(files.get(file) ?? [], place),
    }, command);
    return answer.replaceAll("\n", "; ");
  }

  /**
   * Puts objects in as they were read from a cluster; gives what is wrong with their pods, as
   * commands. @throws {ObjectRefused}
   */
  async restoreAll(objects: readonly KubeObject[]): Promise<string[]> {
    for (const object of objects) {
      const problem = typeProblemOf(object);
      if (problem !== undefined) throw new ObjectRefused(object, problem);
      const { namespace } = object.metadata;
      if (namespace !== undefined) await this.#ensureNamespace(namespace);
    }
    const restored = atStart(objects).map(withoutServerFields);
    try {
      this.#embedded.restore(USER, restored);
    } catch (error) {
      if (!(error instanceof RestoreRefused)) throw error;
      throw new ObjectRefused(objects[error.index] as KubeObject, error.message);
    }
    return troublesIn(restored);
  }

  /** Applies objects in their order; gives what became of each. @throws {ObjectRefused} */
  async applyAll(objects: readonly KubeObject[], place: Place = {}): Promise<string[]> {
    const answers: string[] = [];
    for (const object of objects) {
      const problem = typeProblemOf(object);
      if (problem !== undefined) throw new ObjectRefused(object, problem);
      try {
        answers.push(
          `${object.kind.toLowerCase()}/${object.metadata.name} ` +
            await this.#apply(object, place),
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ObjectRefused(object, error.message);
      }
    }
    return answers;
  }

  /** @throws {CommandRefused} */
  #typeNamed(kind: string): ResourceType {
    const type = findTypeByName(kind, [...routedTypes(this.#plugins), ...this.#types]);
    if (type === undefined) throw new CommandRefused(`kind "${kind}" is not simulated`);
    return type;
  }

  async #apply(given: KubeObject, place: Place): Promise<string> {
    const written = asManifest(given);
    const routed = routedTypeOf(written, this.#plugins);
    const object = routed === undefined
      ? written
      : { ...written, apiVersion: apiVersionOf(routed) };
    const type = routed ?? findResourceType(object) ??
      this.#types.find((one) =>
        one.kind === object.kind && apiVersionOf(one) === object.apiVersion
      );
    if (type === undefined) return "ignored";
    if (!type.namespaced) return await apply(this.#client, type, object);
    const namespace = object.metadata.namespace ?? place.namespace ?? "default";
    if (namespace !== (place.namespace ?? namespace)) {
      throw new CommandRefused(
        `${object.kind} "${object.metadata.name}" is in namespace "${namespace}", ` +
          `not in "${place.namespace}"`,
      );
    }
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
}
