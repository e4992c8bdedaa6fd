/** Rules about single metrics: can they be judged, and can they come to what they are meant for. */
import { ConditionError, parseCondition } from "../../analysis/condition/mod.ts";
import { validateRules } from "../../api/validation/validate_metric_rules.ts";
import { wholeNumberOf } from "../../api/validation/validate_metrics.ts";
import { collectTemplates, flattenTemplates } from "../../api/validation/analysis_templates.ts";
import { templateReferences } from "../../api/validation/references.ts";
import type { ValueShape } from "../../../sdk/metric_provider.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type AnalysisUse, analysisUses, argumentName, collectedTemplates } from "../analyses.ts";
import type { Spot } from "../finding.ts";
import {
  argumentOfTag,
  type ArgumentSet,
  type MetricSubject,
  metricSubjects,
  metricText,
  resolvedText,
  shapesOf,
  sourceProblems,
  tagsOf,
} from "../metrics.ts";
import type { LintWorld } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import { type LintDocument, readerFrom } from "../world.ts";

/** Rules about metrics. */
export const METRIC_RULES: readonly CheckedRule[] = [
  {
    name: "wrong-condition",
    severity: "error",
    reports: "A condition of a metric is no expression, or cannot be one for what is measured.",
    why: "Every measurement is an error, and after five in a row the update is aborted.",
    check: forEachMetric(wrongConditions),
  },
  {
    name: "wrong-metric-source",
    severity: "error",
    reports: "A metric says what it measures in a way that its provider refuses.",
    why: "Every measurement is an error, and after five in a row the update is aborted.",
    check: forEachMetric(wrongSources),
  },
  {
    name: "unfilled-tag",
    severity: "error",
    reports: "A metric has a tag in braces that no argument fills in.",
    why: "The analysis ends with Error before anything is measured, and the update is aborted.",
    check: forEachMetric(unfilledTags),
  },
  {
    name: "rule-without-metric",
    severity: "error",
    reports: "A rule of dryRun or measurementRetention matches the name of no metric.",
    why: "The analysis ends with Error before anything is measured, and the update is aborted.",
    check: rulesWithoutMetric,
  },
  {
    name: "limit-out-of-reach",
    severity: "warning",
    reports: "A metric ends before a limit of it can be passed.",
    why: "It looks guarded, and cannot come to that result, whatever is measured.",
    check: forEachMetric(limitsOutOfReach),
  },
  {
    name: "metric-without-condition",
    severity: "warning",
    reports: "A metric has neither a successCondition nor a failureCondition.",
    why: "Whatever is measured counts as successful.",
    check: forEachMetric(withoutCondition),
  },
];

interface Remark {
  /** From the metric on. */
  readonly at: FieldLocation;
  readonly text: string;
}

/** Makes a rule of what is said about one metric with the arguments of one analysis. */
function forEachMetric(
  remarks: (subject: MetricSubject, args: ArgumentSet, world: LintWorld) => readonly Remark[],
): CheckedRule["check"] {
  return (world) =>
    metricSubjects(world).flatMap((subject) =>
      subject.argumentSets.flatMap((args) =>
        remarks(subject, args, world).map(({ at, text }) => ({
          document: subject.document,
          location: [...subject.at, ...at],
          text,
        }))
      )
    );
}

const CONDITIONS = ["successCondition", "failureCondition"] as const;

function wrongConditions(
  { metric }: MetricSubject,
  args: ArgumentSet,
  { plugins }: LintWorld,
): Remark[] {
  const shapes = shapesOf(metric, plugins);
  return CONDITIONS.flatMap((field) => {
    const source = resolvedText(textOf(metric[field]).trimEnd(), args);
    if (source === undefined || source === "") return [];
    const text = conditionProblem(source, shapes);
    return text === undefined ? [] : [{ at: [field], text }];
  });
}

/** What is wrong with a condition, and how far it is right. */
interface ConditionProblem {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a condition for all shapes that a value may have, and where in it. */
function conditionProblem(source: string, shapes: readonly ValueShape[]): string | undefined {
  const problems: ConditionProblem[] = [];
  for (const shape of shapes) {
    const problem = problemForShape(source, shape);
    if (problem === undefined) return undefined;
    problems.push(problem);
  }
  // The shape for which most of it is right is the one that is meant.
  return problems.sort((a, b) => b.line - a.line || b.column - a.column)[0]?.text;
}

function problemForShape(source: string, shape: ValueShape): ConditionProblem | undefined {
  try {
    const type = parseCondition(source).check(shape);
    if (type === "bool" || UNSURE_TYPES.includes(type)) return undefined;
    const text = `gives ${type}, and a condition has to give true or false: `;
    return { text: text + JSON.stringify(source), line: Infinity, column: 0 };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    const { reason, line = 1, column = 1 } = error;
    const place = source.includes("\n") ? `line ${line}, column ${column}` : `column ${column}`;
    return { text: `${reason}, at ${place} of ${JSON.stringify(source)}`, line, column };
  }
}

function wrongSources(
  { metric }: MetricSubject,
  args: ArgumentSet,
  { plugins }: LintWorld,
): Remark[] {
  const texts = textsIn(metric["provider"]);
  // What depends on an argument is told once its value is known.
  if (texts.some(({ text }) => resolvedText(text, args) !== text)) return [];
  return sourceProblems(metric, plugins).map((text) => ({ at: ["provider"], text }));
}

/** Only the result tells. */
const UNSURE_TYPES: readonly string[] = ["unknown", "interface {}"];

function unfilledTags(
  { metric }: MetricSubject,
  { values, use }: ArgumentSet,
  world: LintWorld,
): Remark[] {
  // There it is told where the template is named, in the controller's words.
  if (use === "checked") return [];
  // Templates are combined, and then use one another's arguments.
  const others = use === "none" ? declaredAnywhere(world) : new Set<string>();
  return textsIn(metric).flatMap(({ at, text }) =>
    tagsOf(text).flatMap((tag) => {
      const name = argumentOfTag(tag);
      if (name !== undefined && (values.has(name) || others.has(name))) return [];
      const why = name === undefined
        ? "write {{args.NAME}}"
        : `no template declares the argument ${JSON.stringify(name)}`;
      return [{ at, text: `nothing fills in {{${tag}}}: ${why}` }];
    })
  );
}

function declaredAnywhere(world: LintWorld): ReadonlySet<string> {
  const templates = ["AnalysisTemplate", "ClusterAnalysisTemplate"]
    .flatMap((kind) => world.ofKind("argoproj.io", kind));
  return new Set(
    templates.flatMap(({ object }) => listOf(fieldsOf(object["spec"])["args"]).map(argumentName)),
  );
}

/** Every text in a value, with its place. */
function textsIn(value: unknown, at: FieldLocation = []): { at: FieldLocation; text: string }[] {
  if (typeof value === "string") return [{ at, text: value }];
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, entry]) => textsIn(entry, [...at, key]));
}

const RULE_LISTS = ["dryRun", "measurementRetention"] as const;

function rulesWithoutMetric(world: LintWorld): Spot<LintDocument>[] {
  return [
    ...analysisUses(world).flatMap((use) => rulesOfUse(use, world)),
    ...["AnalysisTemplate", "ClusterAnalysisTemplate"]
      .flatMap((kind) => world.ofKind("argoproj.io", kind))
      .flatMap((document) => rulesOfTemplate(document, world)),
  ];
}

/** The rules that an analysis adds to those of its templates. */
function rulesOfUse(use: AnalysisUse, world: LintWorld): Spot<LintDocument>[] {
  const collected = collectedTemplates(use, world);
  if (collected === undefined) return [];
  const flat = flattenTemplates(collected.templates, collected.clusterTemplates);
  if (flat.error !== undefined) return [];
  return ruleSpots(use.document, use.rules, flat.value.metrics);
}

/** A template by itself is looked at by validation; here is one that names others. */
function rulesOfTemplate(document: LintDocument, world: LintWorld): Spot<LintDocument>[] {
  const fields = fieldsOf(document.object["spec"]);
  const nested = templateReferences(fields["templates"], ["spec", "templates"]);
  if (nested.length === 0) return [];
  const collected = collectTemplates(nested, readerFrom(document, world).find);
  if (collected.missing.length > 0) return [];
  const metrics = [document.object, ...collected.templates, ...collected.clusterTemplates]
    .flatMap((template) => listOf(fieldsOf(template["spec"])["metrics"]).map(fieldsOf));
  return ruleSpots(document, { fields, at: ["spec"] }, metrics);
}

function ruleSpots(
  document: LintDocument,
  { fields, at }: AnalysisUse["rules"],
  metrics: readonly Fields[],
): Spot<LintDocument>[] {
  // A name with an argument in it is known only to a run.
  if (metrics.some(({ name }) => textOf(name).includes("{{"))) return [];
  const names = metrics.map(({ name }) => textOf(name)).join(", ");
  return RULE_LISTS.flatMap((list) =>
    validateRules(list, listOf(fields[list]), metrics).map(({ location }) => {
      const [index = 0] = location;
      const pattern = textOf(fieldsOf(listOf(fields[list])[Number(index)])["metricName"]);
      const text = `no metric matches ${JSON.stringify(pattern)}; there are: ${names}`;
      return { document, location: [...at, list, ...location], text };
    })
  );
}

function limitsOutOfReach({ metric }: MetricSubject, args: ArgumentSet): Remark[] {
  const numberOf = (field: string): number | undefined => {
    const value = metric[field];
    const text = typeof value === "string" ? resolvedText(value, args) : value;
    return text === undefined && !isUnset(value) ? undefined : wholeNumberOf(text);
  };
  const written = numberOf("count");
  const isEndless = written === 0 && textOf(metric["interval"]) !== "";
  if (written === undefined || isEndless) return [];
  const count = written === 0 ? 1 : written;
  const measured = `${count} ${count === 1 ? "measurement" : "measurements"}`;
  const remarks: Remark[] = [];
  const say = (field: string, text: string) => remarks.push({ at: [field], text });
  for (const field of ["failureLimit", "inconclusiveLimit"]) {
    const limit = numberOf(field) ?? 0;
    // Beyond a count that is written, validation refuses it.
    if (limit <= 0 || limit < count || (written > 0 && limit > count)) continue;
    const result = field === "failureLimit" ? "fail" : "be inconclusive";
    say(field, `allows ${limit} of ${measured} to ${result}: the metric never can`);
  }
  const successes = numberOf("consecutiveSuccessLimit") ?? 0;
  if (written === 0 && successes > count) {
    say("consecutiveSuccessLimit", `asks for ${successes} successes in ${measured}`);
  }
  return remarks;
}

function withoutCondition({ metric }: MetricSubject): Remark[] {
  const isJudged = CONDITIONS.some((field) => textOf(metric[field]) !== "");
  const [source] = Object.keys(fieldsOf(metric["provider"]));
  if (isJudged || source === undefined || JUDGES.includes(source)) return [];
  return [{ at: [], text: `${metricText(metric)} has no condition: any value is a success` }];
}

/** Providers that judge by themselves, or may do so. */
const JUDGES: readonly string[] = ["job", "kayenta", "plugin"];
