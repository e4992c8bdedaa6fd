/** All numbers of a Rollout's course, and of Experiments, as tables. */
import type { ExperimentEntry } from "../experiment_timeline.ts";
import { Reasons } from "../reasons.ts";
import { timeText } from "../time_text.ts";
import type { SetEntry, TimelineEntry } from "../timeline.ts";
import type { Course } from "./course.ts";
import { element, type Markup } from "./markup.ts";

/** A column: its name, the class of its cells, and what stands in them. */
interface Column<Row> {
  readonly name: string;
  readonly kind: "number" | "short" | "text";
  readonly textOf: (row: Row) => string;
}

/** Stands where there is nothing to be said. */
const NONE = "–";

/** Every change of a Rollout. */
export function courseTable({ entries }: Course): Markup {
  const reasons = new Reasons();
  const whys = new Map(entries.map((entry) => [entry, reasons.of(entry)]));
  const isBlueGreen = entries.some(({ strategy }) => strategy === "BlueGreen");
  const weights: Column<TimelineEntry>[] = [
    { name: "Set weight, %", kind: "number", textOf: ({ setWeight }) => String(setWeight) },
    { name: "Weight, %", kind: "number", textOf: ({ actualWeight }) => String(actualWeight) },
  ];
  const active: Column<TimelineEntry> = {
    name: "Active",
    kind: "number",
    textOf: ({ active: revision }) => revision === null ? NONE : `r${revision}`,
  };
  return tableOf<TimelineEntry>([
    { name: "Time", kind: "number", textOf: ({ atSeconds }) => timeText(atSeconds) },
    { name: "Phase", kind: "short", textOf: ({ phase }) => phase },
    {
      name: "Steps",
      kind: "number",
      textOf: ({ step, steps }) => steps ? `${step}/${steps}` : NONE,
    },
    ...(isBlueGreen ? [active] : weights),
    { name: "Stable", kind: "short", textOf: ({ stable }) => setsText([stable]) },
    { name: "New", kind: "short", textOf: ({ canary }) => setsText([canary]) },
    { name: "Others", kind: "short", textOf: ({ others }) => setsText(others) },
    { name: "Pods", kind: "number", textOf: ({ pods }) => String(pods) },
    { name: "Why", kind: "text", textOf: (entry) => whys.get(entry) || entry.message || NONE },
  ], entries);
}

/** Every change of the Experiments. */
export function experimentTable(entries: readonly ExperimentEntry[]): Markup {
  return tableOf<ExperimentEntry>([
    { name: "Time", kind: "number", textOf: ({ atSeconds }) => timeText(atSeconds) },
    { name: "Experiment", kind: "short", textOf: ({ experiment }) => experiment },
    { name: "Phase", kind: "short", textOf: ({ phase }) => phase || NONE },
    {
      name: "Available pods",
      kind: "text",
      textOf: ({ templates }) =>
        templates.map(({ name, available, replicas }) => `${name} ${available}/${replicas}`)
          .join(", ") || NONE,
    },
    { name: "Why", kind: "text", textOf: ({ why, message }) => why || message || NONE },
  ], entries);
}

/** `r2 1/3`: revision, available and wanted pods. */
function setsText(sets: readonly (SetEntry | null)[]): string {
  const texts = sets.flatMap((set) =>
    set === null ? [] : [`r${set.revision} ${set.available}/${set.replicas}`]
  );
  return texts.length === 0 ? NONE : texts.join(", ");
}

function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const head = columns.map(({ name, kind }) => element("th", { class: kind, scope: "col" }, name));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, head)),
    element(
      "tbody",
      {},
      rows.map((row) =>
        element(
          "tr",
          {},
          columns.map(({ name, kind, textOf }) => {
            const text = textOf(row);
            const look = text === NONE ? `${kind} none` : kind;
            return element("td", { class: look, "data-name": name }, text);
          }),
        )
      ),
    ),
  );
}
