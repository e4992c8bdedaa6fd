/**
 * Several analysis templates made into one: which templates a list names, their entries in order,
 * and the values of their arguments.
 */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  CLUSTER_ANALYSIS_TEMPLATE,
  type FindObject,
  type Reference,
  templateReferences,
} from "./references.ts";

/** A result, or the one sentence that says why there is none. */
export type Outcome<Value> =
  | { readonly value: Value; readonly error?: undefined }
  | { readonly error: string };

/** The templates that a list names, with those that they name in turn; each once. */
export interface CollectedTemplates {
  readonly templates: readonly KubeObject[];
  readonly clusterTemplates: readonly KubeObject[];
  /** Named, but not there; those that a template names have its place for nested templates. */
  readonly missing: readonly Reference[];
}

/** What several templates hold together. */
export interface FlatTemplates {
  readonly metrics: readonly Fields[];
  readonly args: readonly Fields[];
  readonly dryRun: readonly Fields[];
  readonly measurementRetention: readonly Fields[];
}

const NESTED_PATH = "spec.templates";

/** Looks up templates: each is followed by the ones that it names, and none comes twice. */
export function collectTemplates(
  references: readonly Reference[],
  find: FindObject,
): CollectedTemplates {
  const templates: KubeObject[] = [];
  const clusterTemplates: KubeObject[] = [];
  const missing: Reference[] = [];
  const seen = new Set<string>();
  const waiting = [...references].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const reference = next;
    const key = `${reference.type.kind}/${reference.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const template = find(reference);
    if (template === undefined) {
      missing.push(reference);
      continue;
    }
    const isForCluster = reference.type === CLUSTER_ANALYSIS_TEMPLATE;
    (isForCluster ? clusterTemplates : templates).push(template);
    const nested = templateReferences(fieldsOf(template["spec"])["templates"], [])
      .map((each) => ({ ...each, path: NESTED_PATH, location: reference.location }));
    waiting.push(...nested.reverse());
  }
  return { templates, clusterTemplates, missing };
}

/** The entries of several templates in one: first the namespace's templates, then the cluster's. */
export function flattenTemplates(
  templates: readonly KubeObject[],
  clusterTemplates: readonly KubeObject[],
): Outcome<FlatTemplates> {
  const specs = [...templates, ...clusterTemplates].map((template) => fieldsOf(template["spec"]));
  const all = (field: string) => specs.flatMap((spec) => listOf(spec[field]).map(fieldsOf));
  const metrics = all("metrics");
  const dryRun = all("dryRun");
  const measurementRetention = all("measurementRetention");
  const twin = firstTwin(metrics, "name");
  if (twin !== undefined) return { error: `two metrics have the same name '${twin}'` };
  const error = twinRule({ dryRun, measurementRetention });
  if (error !== undefined) return { error };
  const args = flattenArguments(all("args"));
  if (args.error !== undefined) return args;
  return { value: { metrics, args: args.value, dryRun, measurementRetention } };
}

/** Adds a caller's rules to those of the templates; the caller's come first. */
export function addRules(
  flat: FlatTemplates,
  caller: { dryRun?: unknown; measurementRetention?: unknown },
): Outcome<FlatTemplates> {
  const dryRun = [...listOf(caller.dryRun).map(fieldsOf), ...flat.dryRun];
  const measurementRetention = [
    ...listOf(caller.measurementRetention).map(fieldsOf),
    ...flat.measurementRetention,
  ];
  const error = twinRule({ dryRun, measurementRetention });
  return error === undefined ? { value: { ...flat, dryRun, measurementRetention } } : { error };
}

function twinRule(
  { dryRun, measurementRetention }: Pick<FlatTemplates, "dryRun" | "measurementRetention">,
): string | undefined {
  const dry = firstTwin(dryRun, "metricName");
  if (dry !== undefined) return `two Dry-Run metric rules have the same name '${dry}'`;
  const kept = firstTwin(measurementRetention, "metricName");
  if (kept === undefined) return undefined;
  return `two Measurement Retention metric rules have the same name '${kept}'`;
}

function firstTwin(entries: readonly Fields[], field: string): string | undefined {
  const seen = new Set<string>();
  for (const entry of entries) {
    const name = textOf(entry[field]);
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/** One argument for each name: a value beats none, and two values have to be equal. */
function flattenArguments(args: readonly Fields[]): Outcome<readonly Fields[]> {
  const byName = new Map<string, Fields>();
  for (const argument of args) {
    const name = textOf(argument["name"]);
    const present = byName.get(name);
    if (present === undefined || isUnset(present["value"])) {
      const isBetter = present === undefined || !isUnset(argument["value"]) ||
        !isUnset(argument["valueFrom"]);
      if (isBetter) byName.set(name, argument);
      continue;
    }
    const { value } = argument;
    if (!isUnset(value) && value !== present["value"]) {
      return { error: differentValuesText(name, present["value"], value) };
    }
  }
  return { value: [...byName.values()] };
}

/**
 * The declared arguments with the values that a caller hands in; what the caller hands in beyond
 * them is dropped.
 */
export function mergeArguments(
  incoming: readonly unknown[],
  declared: readonly unknown[],
): Outcome<readonly Fields[]> {
  const merged: Fields[] = declared.map((argument) => ({ ...fieldsOf(argument) }));
  for (const argument of incoming.map(fieldsOf)) {
    const target = merged.find(({ name }) => textOf(name) === textOf(argument["name"]));
    if (target === undefined) continue;
    if (!isUnset(argument["value"])) target["value"] = argument["value"];
    else if (!isUnset(argument["valueFrom"])) target["valueFrom"] = argument["valueFrom"];
  }
  const open = merged.find(({ value, valueFrom }) => isUnset(value) && isUnset(valueFrom));
  if (open !== undefined) return { error: `args.${textOf(open["name"])} was not resolved` };
  return { value: merged };
}

/** An argument appears twice, with different values. */
export function differentValuesText(name: string, one: unknown, other: unknown): string {
  return `Argument \`${name}\` specified multiple times with different values: ` +
    `'${textOf(one)}', '${textOf(other)}'`;
}

/** An argument has a value and says where to take one. */
export function bothSourcesText(name: string): string {
  return `arg '${name}' has both Value and ValueFrom fields`;
}
