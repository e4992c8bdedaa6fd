/** Arguments of an analysis, in which `{{templates.…}}` stands for what an Experiment has. */
import type { AnalysisArgument } from "../../sdk/api/analysis.ts";
import type { Experiment } from "../../sdk/api/experiment.ts";
import type { Outcome } from "../api/validation/analysis_templates.ts";
import { parseGoDuration } from "../api/values/durations.ts";
import { timeMs, timestamp } from "../api/values/time.ts";

/** What arguments may name of a template. */
export interface TemplateNames {
  readonly name: string;
  readonly hash: string;
  readonly setName: string;
}

/** The arguments with their values; whatever else stands in them (`valueFrom`) is dropped. */
export function runArguments(
  args: readonly AnalysisArgument[],
  experiment: Experiment,
  templates: readonly TemplateNames[],
): Outcome<AnalysisArgument[]> {
  const known = knownValues(experiment, templates);
  const resolved: AnalysisArgument[] = [];
  for (const { name, value } of args) {
    if (value === undefined) continue;
    let unknown: string | undefined;
    const text = String(value).replace(/\{\{(.*?)\}\}/gs, (whole, tag: string) => {
      const found = known.get(tag.trim());
      if (found === undefined) unknown = whole;
      return found ?? whole;
    });
    if (unknown !== undefined) return { error: `failed to resolve ${unknown}` };
    resolved.push({ name, value: text });
  }
  return { value: resolved };
}

function knownValues(
  { spec, status }: Experiment,
  templates: readonly TemplateNames[],
): Map<string, string> {
  const known = new Map<string, string>();
  for (const { name, hash, setName } of templates) {
    known.set(`templates.${name}.podTemplateHash`, hash);
    known.set(`templates.${name}.replicaset.name`, setName);
  }
  const sinceMs = timeMs(status?.availableAt);
  if (sinceMs === undefined) return known;
  known.set("experiment.availableAt", timestamp(sinceMs));
  const durationMs = parseGoDuration(spec.duration ?? "");
  if (durationMs !== undefined) known.set("experiment.finishedAt", timestamp(sinceMs + durationMs));
  return known;
}
