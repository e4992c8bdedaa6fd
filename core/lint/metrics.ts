/** The metrics that manifests hold, one by one, with the arguments of their analyses. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ValueShape } from "../../sdk/metric_provider.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../sdk/wire/json.ts";
import { ConditionError, parseRangeTime } from "../analysis/condition/mod.ts";
import {
  collectTemplates,
  flattenTemplates,
  mergeArguments,
} from "../api/validation/analysis_templates.ts";
import { templateReferences } from "../api/validation/references.ts";
import { analysisUses, argumentName, collectedTemplates } from "./analyses.ts";
import type { LintWorld } from "./rollout_subject.ts";
import { type LintDocument, readerFrom } from "./world.ts";

/** A metric of a template or of an AnalysisRun. */
export interface MetricSubject {
  readonly document: LintDocument;
  readonly at: FieldLocation;
  readonly metric: Fields;
  /** The arguments of each analysis that it is known to be part of; at least one. */
  readonly argumentSets: readonly ArgumentSet[];
}

/** The arguments of one analysis. */
export interface ArgumentSet {
  /** Name to value; undefined where the value is known only later. */
  readonly values: ReadonlyMap<string, string | undefined>;
  /** `checked`: the controller looks at them beforehand; `none`: no analysis uses the template. */
  readonly use: "checked" | "unchecked" | "none";
}

const KINDS = ["AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun"];

/** Every metric that stands in a file. */
export function metricSubjects(world: LintWorld): MetricSubject[] {
  const used = argumentsInUse(world);
  return KINDS.flatMap((kind) => world.ofKind("argoproj.io", kind)).flatMap((document) => {
    const argumentSets = used.get(document.object) ?? [ownArguments(document, world)];
    return listOf(fieldsOf(document.object["spec"])["metrics"]).map((metric, index) => ({
      document,
      at: ["spec", "metrics", index],
      metric: fieldsOf(metric),
      argumentSets,
    }));
  });
}

/** Of each template that is used in the files, the arguments that it is used with. */
function argumentsInUse(world: LintWorld): Map<KubeObject, ArgumentSet[]> {
  const used = new Map<KubeObject, ArgumentSet[]>();
  for (const use of analysisUses(world)) {
    const collected = collectedTemplates(use, world);
    if (collected === undefined) continue;
    const flat = flattenTemplates(collected.templates, collected.clusterTemplates);
    // What does not fit together is told where the templates are named.
    if (flat.error !== undefined) continue;
    const merged = mergeArguments(use.args.map(({ fields }) => fields), flat.value.args);
    if (merged.error !== undefined) continue;
    for (const template of [...collected.templates, ...collected.clusterTemplates]) {
      const set: ArgumentSet = {
        values: valuesOf(merged.value),
        use: use.isBackground || use.isOfExperiment ? "unchecked" : "checked",
      };
      used.set(template, [...used.get(template) ?? [], set]);
    }
  }
  return used;
}

/** What a template that nobody uses says itself, together with the templates that it names. */
function ownArguments(document: LintDocument, world: LintWorld): ArgumentSet {
  const spec = fieldsOf(document.object["spec"]);
  const nested = collectTemplates(
    templateReferences(spec["templates"], []),
    readerFrom(document, world).find,
  );
  const others = [...nested.templates, ...nested.clusterTemplates]
    .flatMap((template) => listOf(fieldsOf(template["spec"])["args"]));
  return { values: valuesOf([...others, ...listOf(spec["args"])]), use: "none" };
}

function valuesOf(args: readonly unknown[]): ArgumentSet["values"] {
  return new Map(
    args.map(fieldsOf).map((argument) => {
      const { value, valueFrom } = argument;
      const isKnown = typeof value === "string" && isUnset(valueFrom);
      return [argumentName(argument), isKnown ? value : undefined];
    }),
  );
}

const TAG = /\{\{(.*?)\}\}/gs;

/** The argument that a tag names: `host` of `args.host`; undefined where it names none. */
export function argumentOfTag(tag: string): string | undefined {
  return /^args\.(.*)$/s.exec(tag.trim())?.[1];
}

/** The tags of a text: what stands between `{{` and `}}`. */
export function tagsOf(text: string): string[] {
  return [...text.matchAll(TAG)].map(([, tag = ""]) => tag);
}

/** A text of a metric with its arguments; undefined where a value is known only later. */
export function resolvedText(text: string, { values }: ArgumentSet): string | undefined {
  let isKnown = true;
  const resolved = text.replace(TAG, (whole, tag: string) => {
    const value = values.get(argumentOfTag(tag) ?? "");
    if (value === undefined) isKnown = false;
    return value ?? whole;
  });
  return isKnown ? resolved : undefined;
}

/** The shapes that a metric's values may have. */
export function shapesOf(metric: Fields, plugins: PluginRegistry): readonly ValueShape[] {
  const { provider, config } = sourceOf(metric, plugins);
  return [provider?.shapeOf?.(config) ?? "unknown"].flat();
}

/** What is wrong with the configuration of a metric's provider, by itself. */
export function sourceProblems(metric: Fields, plugins: PluginRegistry): readonly string[] {
  const { provider, config } = sourceOf(metric, plugins);
  const times = Object.entries(provider?.times?.(config) ?? {});
  return [
    ...provider?.problems?.(config) ?? [],
    ...times.flatMap(([field, expression]) => timeProblem(field, expression) ?? []),
  ];
}

/** A time like any other: what an expression makes of it is not looked at. */
const NOW_MS = Date.UTC(2026, 0, 1);

function timeProblem(field: string, expression: string): string | undefined {
  try {
    parseRangeTime(expression)({ nowMs: () => NOW_MS });
    return undefined;
  } catch (error) {
    const reason = error instanceof ConditionError ? error.reason : (error as Error).message;
    return `${field} ${JSON.stringify(expression)} is no time: ${reason}`;
  }
}

/** A metric's provider, where it is one of this program's, and its configuration. */
function sourceOf(metric: Fields, { metricProviders }: PluginRegistry) {
  const [field = "", given] = Object.entries(fieldsOf(metric["provider"]))[0] ?? [];
  const [name, config] = field === "plugin"
    ? Object.entries(fieldsOf(given))[0] ?? ["", {}]
    : [field, given];
  const provider = metricProviders.find((each) => each.name === name);
  return { provider, config: fieldsOf(config) };
}

/** The metric's name in quotes, for messages. */
export function metricText({ name }: Fields): string {
  return `metric ${JSON.stringify(textOf(name))}`;
}
