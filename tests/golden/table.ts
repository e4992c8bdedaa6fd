/**
 * Tables of scenarios: text files under `tables/`, each a family of rows. A row says what is asked
 * for and done, in YAML, and what comes of it, in lines that begin with `>`. See README.md.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { parse } from "yaml";
import {
  MetricData,
  parseScript,
  parseSeries,
  parseStepSeries,
  type Scenario,
  ScriptError,
  simulate,
  UNTIL_DEFAULT_MS,
} from "../../core/simulate/mod.ts";
import { plugins } from "../../plugins/mod.ts";
import { mergedInto } from "./merged_into.ts";
import { rowText } from "./row_text.ts";

const FOLDER = new URL("tables/", import.meta.url);

/** Fields of a row, and of the `base` that all rows of a file share. */
interface RowFields {
  /** Merged over the spec of the base; null removes. */
  readonly spec?: Record<string, unknown>;
  /** Merged over the metadata of the Rollout. */
  readonly metadata?: Record<string, unknown>;
  /** Entries such as `10s: abort web` and `when phase == Paused: promote web`. */
  readonly script?: readonly Record<string, string>[];
  /** For `apply NAME`: specs, each merged over the row's own, or whole objects of another kind. */
  readonly files?: Record<string, Record<string, unknown>>;
  /** More objects. */
  readonly objects?: readonly KubeObject[];
  /** What metrics measure, by template and metric, as `simulate --data` reads it. */
  readonly data?: unknown;
  /** Services that the strategy names and that are not there. */
  readonly without?: readonly string[];
  /** Shows each change, not only what an instant came to; also what happens before the script. */
  readonly every?: boolean;
}

/** One scenario of a table. */
export interface Row {
  readonly name: string;
  /** What is written above the expected lines, as it stands in the file. */
  readonly input: string;
  /** The expected lines, without `> `. */
  readonly expected: string;
}

/** A file of rows. */
export interface Table {
  readonly name: string;
  readonly head: string;
  readonly rows: readonly Row[];
}

/** The names of all tables, sorted. */
export function tableNames(): string[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name.replace(/\.txt$/, "")).sort();
}

export function tableFile(name: string): URL {
  return new URL(`${name}.txt`, FOLDER);
}

/** Reads a table from its text. */
export function readTable(name: string, text: string): Table {
  const [head = "", ...sections] = text.split(/^(?=## )/m);
  const rows = sections.map((section): Row => {
    const lines = section.trimEnd().split("\n");
    const title = (lines.shift() ?? "").slice(3);
    const input = lines.filter((line) => !line.startsWith(">")).join("\n").trimEnd();
    const expected = lines.filter((line) => line.startsWith(">"))
      .map((line) => line.replace(/^> ?/, "")).join("\n");
    return { name: title, input, expected };
  });
  return { name, head, rows };
}

/** The text of a table, with these lines for its rows. */
export function tableText({ head, rows }: Table, outputs: readonly string[]): string {
  const sections = rows.map(({ name, input }, index) => {
    const output = (outputs[index] ?? "").split("\n").map((line) => `> ${line}`.trimEnd());
    return [`## ${name}`, ...(input === "" ? [] : [input]), ...output, "", ""].join("\n");
  });
  return `${head.trimEnd()}\n\n${sections.join("")}`.trimEnd() + "\n";
}

/** Plays a row, and gives the lines that tell of it. */
export async function playRow({ head }: Table, row: Row): Promise<string> {
  const { base = {} } = (parse(head) ?? {}) as { base?: RowFields };
  const fields = (parse(row.input) ?? {}) as RowFields;
  try {
    const scenario = scenarioOf(base, fields);
    // Kinds of routers change the names that pods get; most tables are older than these kinds.
    const isRouted = JSON.stringify([base, fields]).includes('"trafficRouting"');
    const { data = base.data } = fields;
    const outcome = await simulate(scenario, {
      ...(isRouted || data !== undefined ? { plugins } : {}),
      ...(data === undefined ? {} : {
        metricData: new MetricData(parseSeries(data), new Map(), parseStepSeries(data)),
      }),
    });
    const text = rowText(outcome, { isWhole: fields.every ?? base.every ?? false });
    // Files hold no blanks at the ends of lines.
    return text.split("\n").map((line) => line.trimEnd()).join("\n");
  } catch (error) {
    if (error instanceof ScriptError) return `refused: ${error.message}`;
    throw error;
  }
}

function scenarioOf(base: RowFields, row: RowFields): Scenario {
  const spec = mergedInto(mergedInto(DEFAULT_SPEC, base.spec), row.spec);
  const metadata = mergedInto(mergedInto({ name: "web" }, base.metadata), row.metadata);
  const rollout = rolloutWith(metadata, spec);
  const files = new Map<string, readonly KubeObject[]>();
  for (const [name, change] of Object.entries(row.files ?? {})) {
    const changed = rolloutWith(metadata, mergedInto(spec, change));
    const isObject = "kind" in change;
    files.set(
      name,
      isObject ? [change as unknown as KubeObject] : [changed, ...servicesOf(changed, row.without)],
    );
  }
  const script = [...base.script ?? [], ...row.script ?? []].flatMap((entry) =>
    Object.entries(entry).map(([when, command]) =>
      when.startsWith("when ") ? { when: when.slice(5), do: command } : { at: when, do: command }
    )
  );
  return {
    objects: [
      ...servicesOf(rollout, row.without),
      ...base.objects ?? [],
      ...row.objects ?? [],
      rollout,
    ],
    script: parseScript(script),
    timed: [],
    files,
    untilMs: UNTIL_DEFAULT_MS,
    seed: 1,
  };
}

const DEFAULT_SPEC = {
  replicas: 4,
  selector: { matchLabels: { app: "web" } },
  template: {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "web", image: "web:1" }] },
  },
};

function rolloutWith(metadata: unknown, spec: unknown): Rollout {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata, spec } as Rollout;
}

/** The Services that a strategy names. */
function servicesOf({ spec }: Rollout, without: readonly string[] = []): KubeObject[] {
  const names = Object.values(spec.strategy ?? {})
    .flatMap((strategy) => Object.entries(strategy as Record<string, unknown>))
    .flatMap(([field, name]) => field.endsWith("Service") ? [String(name)] : []);
  return [...new Set(names)].filter((name) => !without.includes(name)).map((name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  }));
}
