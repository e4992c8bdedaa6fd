/** Rules about analyses: what is measured how often, and which arguments mean something. */
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { analysisUses, argumentName, templateSpecs } from "../analyses.ts";
import type { Spot } from "../finding.ts";
import type { LintWorld } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import { type LintDocument, readerFrom } from "../world.ts";

/** Rules about analyses. */
export const ANALYSIS_RULES: readonly CheckedRule[] = [
  {
    name: "background-measured-once",
    severity: "warning",
    reports: "A metric of a background analysis has no interval.",
    why: "It is measured once, at the start: nobody looks at it while the weight goes up.",
    check: backgroundMeasuredOnce,
  },
  {
    name: "unused-argument",
    severity: "warning",
    reports: "An analysis passes an argument that none of its templates declares.",
    why: "It is dropped without a word: mostly it is a slip of the pen.",
    check: unusedArgument,
  },
  {
    name: "unused-template-argument",
    severity: "warning",
    reports: "A template declares an argument that no metric uses.",
    why: "Whoever uses the template has to pass a value that changes nothing.",
    check: unusedTemplateArgument,
  },
];

function backgroundMeasuredOnce(world: LintWorld): Spot<LintDocument>[] {
  return analysisUses(world).filter(({ isBackground }) => isBackground)
    .flatMap(({ document, templates }) =>
      templates.flatMap((template) => {
        const spec = fieldsOf(readerFrom(document, world).find(template)?.["spec"]);
        return metricsOf(spec).filter(isLookedAtOnce)
          .map(({ name }) => ({
            document,
            location: template.location,
            text: `metric ${JSON.stringify(textOf(name))} of ${template.type.kind} ` +
              `${JSON.stringify(template.name)} has no interval: ` +
              "it is measured once, at the start",
          }));
      })
    );
}

/** A Job looks at what it wants for as long as it runs. */
function isLookedAtOnce({ interval, provider }: Fields): boolean {
  return textOf(interval) === "" && isUnset(fieldsOf(provider)["job"]);
}

function unusedArgument(world: LintWorld): Spot<LintDocument>[] {
  return analysisUses(world).flatMap((use) => {
    const specs = templateSpecs(use, world);
    if (specs === undefined || specs.length === 0) return [];
    const declared = new Set(["", ...specs.flatMap(argumentNames)]);
    return use.args.filter(({ fields }) => !declared.has(argumentName(fields)))
      .map(({ fields, at }) => {
        const name = JSON.stringify(argumentName(fields));
        const text = `no template declares the argument ${name}: it is dropped`;
        return { document: use.document, location: at, text };
      });
  });
}

function unusedTemplateArgument(world: LintWorld): Spot<LintDocument>[] {
  const templates = [
    ...world.ofKind("argoproj.io", "AnalysisTemplate"),
    ...world.ofKind("argoproj.io", "ClusterAnalysisTemplate"),
  ];
  // Templates are combined, and then use one another's arguments.
  const used = new Set(templates.flatMap(({ object }) => usedArguments(object["spec"])));
  return templates.flatMap((document) => {
    const spec = fieldsOf(document.object["spec"]);
    if (listOf(spec["templates"]).length > 0) return [];
    return argumentNames(spec).flatMap((name, index) => {
      if (name === "" || used.has(name)) return [];
      const text = `no metric uses the argument ${JSON.stringify(name)}`;
      return [{ document, location: ["spec", "args", index], text }];
    });
  });
}

function argumentNames(spec: Fields): string[] {
  return listOf(spec["args"]).map(argumentName);
}

function metricsOf(spec: Fields): Fields[] {
  return listOf(spec["metrics"]).map(fieldsOf);
}

/** The names of all arguments that stand in `{{args.name}}` anywhere in a template. */
function usedArguments(spec: unknown): string[] {
  const { metrics } = fieldsOf(spec);
  const text = JSON.stringify(metrics ?? []);
  return [...text.matchAll(/\{\{\s*args\.([^\s}]+)\s*\}\}/g)].map(([, name = ""]) => name);
}
