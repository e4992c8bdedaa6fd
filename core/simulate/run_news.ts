/** What happened to the AnalysisRuns of a Rollout, in the words of the timeline. */
import { isBad, isCompleted } from "../analysis/mod.ts";
import type { MetricEntry, RunEntry } from "./run_entries.ts";
import type { TimelineEntry } from "./timeline.ts";

/** What is new about the runs of an entry, compared with those that were told of before. */
export function runNews({ runs, why }: TimelineEntry, before: readonly RunEntry[]): string[] {
  return runs.flatMap((run) => {
    const known = before.find(({ name }) => name === run.name);
    const begun = known === undefined && !why.includes(run.name) ? [`${nameOf(run)} begins`] : [];
    const measured = run.metrics.flatMap((metric) =>
      metricNews(metric, known?.metrics.find(({ name }) => name === metric.name))
    );
    return [...begun, ...measured, ...endNews(run, { known, why })];
  });
}

function endNews(
  run: RunEntry,
  { known, why }: { known: RunEntry | undefined; why: string },
): string[] {
  const phase = run.phase === "" ? undefined : run.phase;
  if (!isCompleted(phase) || known?.phase === phase) return [];
  if (isBad(phase) && run.message !== "") return [run.message];
  return why.includes(run.name) ? [] : [`${nameOf(run)} is ${phase}`];
}

const BAD = ["failed", "inconclusive", "error"] as const;

/** A measurement that was none, or not a good one. */
function metricNews(metric: MetricEntry, known: MetricEntry | undefined): string[] {
  const kind = BAD.find((each) => metric[each] > (known?.[each] ?? 0));
  if (kind === undefined) return [];
  const text = `${kind} ${metric[kind]}`;
  const said = reasonOf(metric);
  // The same error again and again is told once.
  const isTold = said === "" ||
    (kind === "error" && known !== undefined && said === reasonOf(known));
  const place = metric.dryRun ? `${metric.name} (dry run)` : metric.name;
  return [`${place}: ${text}${isTold ? "" : ` (${said})`}`];
}

/** What the newest measurement was: its value, or why there is none. */
function reasonOf({ last }: MetricEntry): string {
  return last === null ? "" : last.message || last.value;
}

/** `background analysis web-6f-2` */
function nameOf({ type, name }: RunEntry): string {
  const kind = type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  return `${kind === "" ? "" : `${kind} `}analysis ${name}`;
}
