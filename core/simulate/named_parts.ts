/** Which parts of a world a scenario can come to. Most name neither routers nor analyses. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf, isUnset } from "../../sdk/wire/json.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import {
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
} from "../api/names/resources.ts";
import { CREATE_RUN_VERBS, RUN_VERBS } from "../command/mod.ts";
import { routedTypeOf } from "./routed_kinds.ts";
import type { Scenario } from "./scenario.ts";

/** What need not be set up where it is not named: nothing can ask for it later. */
export interface NamedParts {
  /** A Rollout is routed, or was, or an object is there that a router steers. */
  readonly routing: boolean;
  /** A Rollout names an analysis or an experiment, or an object of these kinds is there. */
  readonly analysis: boolean;
}

export const ALL_PARTS: NamedParts = Object.freeze({ routing: true, analysis: true });

/** The kinds of analyses and experiments, without Rollouts. */
export const ANALYSIS_TYPES: readonly ResourceType[] = Object.freeze([
  ANALYSIS_RUNS,
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
  EXPERIMENTS,
]);

const ANALYSIS_KINDS: ReadonlySet<string> = new Set(ANALYSIS_TYPES.map(({ kind }) => kind));

/** Verbs that name an object of any kind. */
const VERBS_OF_ANY_KIND: ReadonlySet<string> = new Set([
  ...Object.keys(RUN_VERBS),
  ...Object.keys(CREATE_RUN_VERBS),
  "delete",
]);

/** The parts that anything in this scenario names. */
export function namedParts(scenario: Scenario, plugins: PluginRegistry): NamedParts {
  const { script, timed } = scenario;
  if ([...script, ...timed].some(({ command }) => VERBS_OF_ANY_KIND.has(command.verb))) {
    return ALL_PARTS;
  }
  const objects = objectsOf(scenario);
  return {
    routing: objects.some((object) => isRouted(object, plugins)),
    analysis: objects.some(isAnalysed),
  };
}

/** All objects that are ever applied. */
export function objectsOf({ objects, files }: Scenario): KubeObject[] {
  return [...objects, ...[...files.values()].flat()];
}

function isRouted(object: KubeObject, plugins: PluginRegistry): boolean {
  if (object.kind !== "Rollout") return routedTypeOf(object, plugins) !== undefined;
  const canary = fieldsOf(strategyOf(object)["canary"]);
  const status = fieldsOf(fieldsOf(object["status"])["canary"]);
  return !isUnset(canary["trafficRouting"]) || !isUnset(status["weights"]);
}

/** In a status the names of runs say it, whatever stands in the strategy by now. */
function isAnalysed(object: KubeObject): boolean {
  if (object.kind !== "Rollout") return ANALYSIS_KINDS.has(object.kind);
  return /analysis|experiment/i.test(JSON.stringify([strategyOf(object), object["status"]]));
}

function strategyOf({ spec }: KubeObject) {
  return fieldsOf(fieldsOf(spec)["strategy"]);
}
