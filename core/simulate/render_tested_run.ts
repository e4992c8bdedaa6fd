/** A tested analysis as text: what was asked, what was found when, and what it came to. */
import { timestamp } from "../api/values/time.ts";
import { type RenderOptions, statusIcon, wrapLine } from "../view/mod.ts";
import type { TestedMetric, TestedRun } from "./tested_run.ts";
import { timeText } from "./time_text.ts";

/** One measurement in the order of time. */
interface Row {
  readonly atSeconds: number;
  readonly cells: readonly string[];
}

/** What was asked, a table of measurements, and the verdict. `isDated`: times of day are shown. */
export function renderTestedRun(
  run: TestedRun,
  { widthColumns: columns = Infinity, isDated = false }: RenderOptions & { isDated?: boolean } = {},
): string {
  const questions = run.metrics.map(({ name, query }) => `${name}: ${query}`);
  const wrapped = (line: string, indent: number) => wrapLine(line, { columns, indent });
  return [
    ...questions.flatMap((line) => wrapped(line, 2)),
    "",
    ...tableOf(run, isDated).flatMap((line) => wrapped(line, 2)),
    "",
    ...verdictLines(run).flatMap((line) => wrapped(line, 2)),
    "",
  ].join("\n");
}

function tableOf(run: TestedRun, isDated: boolean): string[] {
  const timeOf = (seconds: number) =>
    isDated ? timestamp(run.startMs + seconds * 1000) : timeText(seconds);
  const rows = run.metrics.flatMap(rowsOf).sort((a, b) => a.atSeconds - b.atSeconds)
    .map(({ atSeconds, cells }) => [timeOf(atSeconds), ...cells]);
  if (rows.length === 0) return ["Nothing was measured."];
  const table = [["TIME", "METRIC", "RESULT", "VALUE"], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => [...row[column] ?? ""].length))) ??
      [];
  return table.map((row) =>
    row.map((cell, column) => {
      const blanks = " ".repeat((widths[column] ?? 0) - [...cell].length);
      return column === 0 ? blanks + cell : cell + blanks;
    }).join("  ").trimEnd()
  );
}

function rowsOf({ name, dryRun, measurements }: TestedMetric): Row[] {
  return measurements.map(({ atSeconds, phase, value, message }) => ({
    atSeconds,
    cells: [
      dryRun ? `${name} (dry run)` : name,
      `${statusIcon("AnalysisRun", phase)} ${phase}`,
      [value, message].filter((text) => text !== "").join(": "),
    ],
  }));
}

function verdictLines({ phase, message, endSeconds, isEnded, missing }: TestedRun): string[] {
  const icon = statusIcon("AnalysisRun", phase);
  const why = message === "" ? "" : `: ${message}`;
  const after = isEnded ? `; it would go on, and was ended after` : " after";
  return [
    ...missing.map(({ atSeconds, metric, query }) =>
      `? no data at ${timeText(atSeconds)}: ${metric} would measure ${query}`
    ),
    `${icon} ${phase}${after} ${timeText(endSeconds)}${why}`,
  ];
}
