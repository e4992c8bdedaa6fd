/** Help texts: how the program and each verb is used. */
import type { Flags } from "../command/flags.ts";
import { wrapText } from "../view/wrap.ts";
import type { AnyProgramVerb } from "./program_verb.ts";
import type { CalledAs } from "./terminal.ts";

/** What the help of the program tells of a verb. */
export interface VerbSummary {
  readonly name: string;
  readonly about: string;
}

/** How wide help is where nobody says how wide the screen is. */
const COLUMNS = 100;
/** In a narrower column, help is hard to read. */
const ABOUT_COLUMNS_MIN = 20;
const STACKED_MARGIN = 10;

export const HELP_FLAG = {
  help: { short: "h", about: "Show this help" },
} as const satisfies Flags;

/** Verbs that stand together. */
export interface VerbGroup {
  readonly title: string;
  readonly verbs: readonly VerbSummary[];
}

/** Where help is read: under which name, and how wide. */
interface HelpPlace {
  readonly calledAs: CalledAs;
  readonly columns: number | undefined;
}

/** The help of the program. */
export function programHelp(
  groups: readonly VerbGroup[],
  { flags, calledAs, columns }: { flags: Flags } & HelpPlace,
): string {
  const width = Math.max(...groups.flatMap(({ verbs }) => verbs.map(({ name }) => name.length)));
  return [
    `Usage: ${calledAs} COMMAND [flags]`,
    "",
    "Progressive delivery for Kubernetes: a drop-in replacement for Argo Rollouts that can also",
    "simulate a release offline.",
    "",
    ...groups.flatMap(({ title, verbs }) => [
      `${title}:`,
      ...table(
        verbs.map(({ name, about }) => ({ left: `  ${name.padEnd(width)}`, about })),
        columns,
      ),
      "",
    ]),
    "Flags:",
    ...table(flagRows(flags), columns),
    "",
    `${calledAs} help COMMAND tells more about a command.`,
    "",
  ].join("\n");
}

/** The help of one verb. */
export function verbHelp(
  about: string,
  { usage, flags, notes }: AnyProgramVerb,
  { calledAs, columns }: HelpPlace,
): string {
  return [
    `Usage: ${calledAs} ${usage}`,
    "",
    `${about}.`,
    "",
    "Flags:",
    ...table(flagRows({ ...flags, ...HELP_FLAG }), columns),
    "",
    renamed(notes.trim(), calledAs),
    "",
  ].join("\n");
}

/** Examples under the name that users know; a name is one where a command can begin. */
function renamed(notes: string, calledAs: CalledAs): string {
  return notes.replaceAll(/(^ *|\| )sluice(?= )/gm, `$1${calledAs}`);
}

/** A line of help: what it is about, and what there is to say. */
interface HelpRow {
  readonly left: string;
  readonly about: string;
}

function flagRows(flags: Flags): HelpRow[] {
  return Object.entries(flags).flatMap(([name, flag]) => {
    if (flag.about === undefined) return [];
    const short = flag.short === undefined ? "    " : `-${flag.short}, `;
    const value = flag.value === undefined ? "" : ` ${flag.value}`;
    const byDefault = flag.default === undefined ? "" : ` (default ${flag.default})`;
    return [{ left: `  ${short}--${name}${value}`, about: `${flag.about}${byDefault}` }];
  });
}

function table(rows: readonly HelpRow[], columns = COLUMNS): string[] {
  const width = Math.max(...rows.map(({ left }) => left.length)) + 3;
  const room = columns - width;
  if (room < ABOUT_COLUMNS_MIN) return stacked(rows, columns);
  return rows.flatMap(({ left, about }) =>
    wrapText(about, room)
      .map((line, index) => `${(index === 0 ? left : "").padEnd(width)}${line}`)
  );
}

/** What there is to say below what it is about, where they have no room side by side. */
function stacked(rows: readonly HelpRow[], columns: number): string[] {
  const margin = " ".repeat(STACKED_MARGIN);
  const room = Math.max(columns - STACKED_MARGIN, ABOUT_COLUMNS_MIN);
  return rows.flatMap(({ left, about }) => [
    left,
    ...wrapText(about, room).map((line) => `${margin}${line}`),
  ]);
}
