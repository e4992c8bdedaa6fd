/** Reading what `simulate` is told to run: manifests, a script, commands; nothing runs here. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf, isUnset } from "../../sdk/wire/json.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { FieldError } from "../../sdk/wire/field_error.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import type { ManifestDocument } from "../api/manifest/mod.ts";
import { apiVersionOf } from "../../sdk/wire/resource_type.ts";
import { findResourceType, findTypeByName, SERVICES } from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import { validateRollout } from "../api/validation/validate_rollout.ts";
import { validateServices } from "../api/validation/validate_services.ts";
import { findWorkload, validateWorkload, withWorkload } from "../api/validation/workload.ts";
import { fenceposts, unservedField, unservedFieldMessage } from "../rollout/mod.ts";
import {
  isLive,
  parseDurationMs,
  parseTimedCommand,
  REPLICAS_MAX,
  routedTypeOf,
  type Scenario,
  ScriptError,
  sortObjects,
  UNTIL_DEFAULT_MS,
} from "../simulate/mod.ts";
import type { FolderSource } from "./lint_files.ts";
import { inNamespace, readManifests } from "./manifest_files.ts";
import { readScriptFile } from "./script_file.ts";
import { UsageError } from "./usage_error.ts";

/** What the command line says besides the files. */
export interface ScenarioOptions {
  readonly script?: string;
  readonly do: readonly string[];
  readonly until?: string;
  readonly seed: number;
  /** The namespace of objects that name none; others' objects are not simulated. */
  readonly namespace?: string;
}

/** Reads a scenario, and remembers where each of its objects stands. */
export class ScenarioReader {
  readonly #terminal: FolderSource;
  readonly #plugins: PluginRegistry;
  readonly #places = new Map<KubeObject, string>();

  constructor(terminal: FolderSource, plugins: PluginRegistry) {
    this.#plugins = plugins;
    this.#terminal = readingStandardInputOnce(terminal);
  }

  /** @throws {UsageError} and {ScriptError} for anything that cannot be run. */
  async read(files: readonly string[], options: ScenarioOptions): Promise<Scenario> {
    const documents: ManifestDocument[] = [];
    for (const file of files) documents.push(...await this.#documentsOf(file, options));
    const objects = this.#accepted(documents);
    for (const { object, text } of sortObjects(objects).notes) {
      this.#warn(`${this.placeOf(object)}: ${text}`);
    }
    const timed = options.do.map((text) => named("--do", () => parseTimedCommand(text)));
    const script = options.script === undefined
      ? []
      : await readScriptFile(this.#terminal, options.script);
    const untilMs = named("--until", () => untilMsOf(options.until));
    const applied = new Map<string, readonly KubeObject[]>();
    for (const { command } of [...script, ...timed]) {
      if (command.verb !== "apply" || applied.has(command.file)) continue;
      const read = await this.#documentsOf(command.file, options);
      // What others make is made by them.
      const own = read.filter(({ object }) =>
        !isLive(object) || controllerOf(object) === undefined
      );
      applied.set(command.file, this.#accepted(own, objects));
    }
    // It may come later: a Deployment that runs is taken over by what is applied to it.
    const all = [...objects, ...[...applied.values()].flat()];
    if (!all.some(({ kind }) => kind === "Rollout" || kind === "Experiment")) {
      throw new UsageError(`no Rollout in ${[...files, ...applied.keys()].join(", ")}`);
    }
    return { objects, script, timed, files: applied, untilMs, seed: options.seed };
  }

  async #documentsOf(
    file: string,
    { namespace }: ScenarioOptions,
  ): Promise<readonly ManifestDocument[]> {
    const documents = await readManifests(this.#terminal, file);
    if (namespace === undefined) return documents;
    const { inside, outside } = inNamespace(documents, namespace);
    const [foreign] = outside.filter(({ object }) => !isLive(object));
    if (foreign !== undefined) {
      const { kind, metadata } = foreign.object;
      throw new UsageError(
        `${at(foreign, [])}: ${kind} "${metadata.name}" is in namespace ` +
          `"${metadata.namespace}", not in "${namespace}"`,
      );
    }
    if (outside.length > 0) {
      this.#terminal.err(
        `note: ${file}: objects of other namespaces are left out: ${outside.length}\n`,
      );
    }
    return inside;
  }

  /** `file.yaml:12:1` of an object of the scenario. */
  placeOf(object: KubeObject): string {
    return this.#places.get(object) ?? "";
  }

  /** What can be simulated; kinds that play no part are left out with a warning. */
  #accepted(
    documents: readonly ManifestDocument[],
    present: readonly KubeObject[] = [],
  ): KubeObject[] {
    const accepted: ManifestDocument[] = [];
    const seen = new Map<string, ManifestDocument>();
    for (const document of documents) {
      const { object } = document;
      checkVersion(document);
      const what = `${object.kind} "${object.metadata.name}"`;
      const before = seen.get(identityOf(object));
      if (before !== undefined) {
        this.#warn(
          `${at(document, [])}: ${what} is also defined at ${at(before, [])}; the last one is used`,
        );
      }
      seen.set(identityOf(object), document);
      const isRouted = routedTypeOf(object, this.#plugins) !== undefined;
      if (findResourceType(object) === undefined && !isRouted) {
        this.#warn(`${at(document, [])}: ${what} is not simulated`);
        continue;
      }
      this.#places.set(object, at(document, []));
      accepted.push(document);
    }
    const objects = accepted.map(({ object }) => object);
    const besides = besideEach([...present, ...objects]);
    for (const document of accepted) {
      if (document.object.kind !== "Rollout") continue;
      this.#check(document, besides.get(namespaceOf(document.object)) ?? NOTHING_BESIDE);
    }
    return objects;
  }

  /** Refuses what is not served; says where the spec is invalid, and lets it run to Degraded. */
  #check(document: ManifestDocument, beside: Beside): void {
    const rollout = document.object as Rollout;
    checkServed(document, rollout, this.#plugins);
    const { replicas = 1, strategy } = rollout.spec;
    if (replicas > REPLICAS_MAX) {
      const place = at(document, ["spec", "replicas"]);
      throw new UsageError(
        `${place}: spec.replicas: cannot simulate ${replicas} pods; use at most ${REPLICAS_MAX}`,
      );
    }
    for (const { location, text } of problemsOf(rollout, beside, this.#plugins)) {
      this.#terminal.err(`${at(document, location)}: ${text}\n`);
    }
    this.#warnOfTakeover(document, beside);
    const { maxSurge, stableService } = strategy?.canary ?? {};
    if (replicas === 1 && fenceposts(1, { maxSurge }).surge === 0 && stableService !== undefined) {
      const place = at(document, ["spec", "strategy", "canary", "maxSurge"]);
      this.#warn(`${place}: with one replica and no surge every update interrupts the service`);
    }
  }

  /** A takeover by a Rollout that does not say how many pods it is to have. */
  #warnOfTakeover(document: ManifestDocument, { objects }: Beside): void {
    const rollout = document.object as Rollout;
    const { scaleDown } = fieldsOf(rollout.spec.workloadRef);
    const isDrained = scaleDown === "progressively" || scaleDown === "onsuccess";
    if (!isUnset(rollout.spec.replicas) || !isDrained) return;
    const workload = workloadAmong(rollout, objects)?.workload;
    const replicas = Number(fieldsOf(workload?.object["spec"])["replicas"] ?? 1);
    if (workload?.object.kind !== "Deployment" || replicas <= 1) return;
    const place = at(document, ["spec", "workloadRef"]);
    this.#warn(
      `${place}: without spec.replicas the Rollout has 1 pod, and the Deployment's ` +
        `${replicas} go: write replicas: ${replicas}`,
    );
  }

  #warn(text: string): void {
    this.#terminal.err(`warning: ${text}\n`);
  }
}

function identityOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [apiVersion, kind, metadata.namespace ?? "default", metadata.name].join("/");
}

/** A kind that is known, in a version that does not exist, is a typo. */
function checkVersion(document: ManifestDocument): void {
  const { object } = document;
  const known = findTypeByName(object.kind);
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
  if (known === undefined || known.group !== group) return;
  const right = apiVersionOf(known);
  if (object.apiVersion === right) return;
  throw new UsageError(
    `${at(document, ["apiVersion"])}: apiVersion: ${known.kind} has no version ` +
      `${object.apiVersion}; write ${right}`,
  );
}

function checkServed(document: ManifestDocument, rollout: Rollout, plugins: PluginRegistry): void {
  const field = unservedField(rollout, plugins);
  if (field !== undefined) {
    throw new UsageError(`${at(document, field)}: ${unservedFieldMessage(field)}`);
  }
}

/** The objects of one namespace, and its Services by name. */
interface Beside {
  readonly objects: KubeObject[];
  readonly services: Map<string, KubeObject>;
}

const NOTHING_BESIDE: Beside = Object.freeze({ objects: [], services: new Map() });

/** What stands in each namespace: found once, however many Rollouts there are. */
function besideEach(objects: readonly KubeObject[]): Map<string, Beside> {
  const besides = new Map<string, Beside>();
  for (const object of objects) {
    const namespace = namespaceOf(object);
    let beside = besides.get(namespace);
    if (beside === undefined) {
      besides.set(namespace, beside = { objects: [], services: new Map() });
    }
    beside.objects.push(object);
    if (findResourceType(object) === SERVICES) beside.services.set(object.metadata.name, object);
  }
  return besides;
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "default";
}

function workloadAmong(rollout: Rollout, objects: readonly KubeObject[]) {
  return findWorkload(rollout, ({ type, name }) =>
    objects.find((object) => {
      const { group, kind } = findResourceType(object) ?? {};
      return group === type.group && kind === type.kind && object.metadata.name === name;
    }));
}

/** What is wrong with a Rollout, and with the objects beside it that it refers to. */
function problemsOf(
  rollout: Rollout,
  { objects, services }: Beside,
  plugins: PluginRegistry,
): FieldError[] {
  const own = validateRollout(rollout, plugins);
  const found = workloadAmong(rollout, objects);
  if (found?.error !== undefined) return [...own, found.error];
  if (found === undefined) return [...own, ...validateServices(rollout, services)];
  const { workload, reference: { location } } = found;
  return [
    ...own,
    ...validateWorkload(rollout, workload).map((error) => ({ ...error, location })),
    ...validateServices(withWorkload(rollout, workload), services),
  ];
}

function untilMsOf(text: string | undefined): number {
  if (text === undefined) return UNTIL_DEFAULT_MS;
  const untilMs = parseDurationMs(text);
  if (untilMs === 0) {
    throw new ScriptError(`"${text}" is too short; write a duration of more than 0s`);
  }
  return untilMs;
}

/** Says of an error which option it is about. */
function named<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new UsageError(`${option}: ${error.message}`);
  }
}

function at(document: ManifestDocument, path: FieldLocation): string {
  const { line, column } = document.position(path);
  return `${document.file}:${line}:${column}`;
}

/** Standard input can be read once: a second `-` would wait or see nothing. */
function readingStandardInputOnce(terminal: FolderSource): FolderSource {
  let wasRead = false;
  return {
    err: terminal.err,
    readFile: (path) => terminal.readFile(path),
    readFolder: (path) => terminal.readFolder(path),
    resolve: (path) => terminal.resolve(path),
    readStandardInput: () => {
      if (wasRead) throw new UsageError("standard input can be read only once");
      wasRead = true;
      return terminal.readStandardInput();
    },
  };
}
