/** An explanation as text. */
import { humanDuration } from "./human_duration.ts";
import type { Explanation } from "./explanation.ts";
import { statusIcon } from "./icons.ts";
import { type Piece, renderLine, type RenderOptions, word } from "./line.ts";
import { wrapText } from "./wrap.ts";

const LABEL_COLUMNS = 12;

/** Label and value on each line; what has several lines goes on below. */
export function renderExplanation(
  explanation: Explanation,
  { nowMs, ...options }: RenderOptions & { readonly nowMs: number },
): string {
  const { name, namespace, status, message, step, since, wakesAt, deadline } = explanation;
  const { waitsFor, on, wouldDo, advice } = explanation;
  const room = (options.widthColumns ?? Infinity) - LABEL_COLUMNS;
  const rows = (label: string, values: readonly string[]) =>
    values.flatMap((value) => wrapText(value, room))
      .map((line, index): Piece[] => [
        { text: (index === 0 ? label : "").padEnd(LABEL_COLUMNS) },
        { text: line },
      ]);
  const reason = message === "" ? "" : ` (${message})`;
  const [phase = "", ...more] = wrapText(`${status}${reason}`, room - 2);
  const lines = [
    ...rows("Name:", [name]),
    ...rows("Namespace:", [namespace]),
    [
      { text: "Status:".padEnd(LABEL_COLUMNS) },
      word(statusIcon("Rollout", status)),
      { text: ` ${phase}` },
    ],
    ...more.map((line): Piece[] => [{ text: `${" ".repeat(LABEL_COLUMNS)}${line}` }]),
    ...rows("Step:", step === undefined ? [] : [step]),
    ...rows("Waits for:", [waitsFor]),
    ...rows("On:", on),
    ...rows("Since:", since === undefined ? [] : [timeText(since, nowMs)]),
    ...rows("Wakes:", [
      wakesAt === undefined
        ? "when one of its objects changes"
        : `${timeText(wakesAt, nowMs)}, and when one of its objects changes`,
    ]),
    ...rows(
      "Deadline:",
      deadline === undefined ? [] : [
        `${timeText(deadline.at, nowMs)}: ` +
        (deadline.then === "abort" ? "then the update is aborted" : "then it is Degraded") +
        (deadline.putOff === undefined ? "" : `. ${deadline.putOff}`),
      ],
    ),
    ...rows("Would do:", wouldDo),
    ...rows("To do:", advice),
  ];
  return lines.map((line) => `${renderLine(line, options).trimEnd()}\n`).join("");
}

/** `2030-01-01T00:00:00Z (5m ago)`. */
function timeText(time: string, nowMs: number): string {
  const ms = Date.parse(time) - nowMs;
  return `${time} (${ms > 0 ? `in ${humanDuration(ms)}` : `${humanDuration(-ms)} ago`})`;
}
