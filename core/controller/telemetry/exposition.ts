/** Metrics as text, in the format of Prometheus (version 0.0.4). */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

/** One line. */
export interface Sample {
  /** Of a histogram: which of its series. */
  readonly suffix?: "_bucket" | "_sum" | "_count";
  readonly labels: Labels;
  readonly value: number;
}

/** All series of one name. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: Iterable<Sample>;
}

/** So many lines are sent at once: between them the process does other work. */
const PIECE_LINES = 2_000;

/** A family's lines, in pieces; nothing for one without samples. */
export function* familyPieces({ name, help, type, samples }: Family): Generator<string> {
  let piece = "";
  let count = 0;
  for (const { suffix = "", labels, value } of samples) {
    if (count === 0) piece = `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`;
    piece += `${name}${suffix}${labelText(labels)} ${numberText(value)}\n`;
    if (++count % PIECE_LINES === 0) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

export function familyText(family: Family): string {
  return [...familyPieces(family)].join("");
}

function escapedHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function labelText(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    text += `${text === "" ? "{" : ","}${name}="${escapedLabel(labels[name] ?? "")}"`;
  }
  return text === "" ? "" : `${text}}`;
}

function escapedLabel(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
    : value;
}

/** As Go writes numbers: `+Inf`, `NaN`. */
export function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
