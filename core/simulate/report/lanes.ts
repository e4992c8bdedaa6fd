/** What lies beside the areas: phases, steps, what took a while, and what happened when. */
import type { Band, Course, Happening, Span } from "./course.ts";
import { element, type Markup } from "./markup.ts";
import { fitting, type Frame, placeOf, rounded, widthOf } from "./scale.ts";

export const LANE_HEIGHT = 18;
const BAND_HEIGHT = 30;
const MARK_SIZE = 18;
/** More of them stand in the table alone. */
const BANDS_MAX = 16;

/** Something drawn, and how high it is. */
export interface Drawn {
  readonly marks: readonly Markup[];
  readonly height: number;
}

/** A lane of neighbours that are told apart by their text. */
function lane(
  course: Course,
  frame: Frame,
  { top, textOf, classOf }: {
    readonly top: number;
    readonly textOf: (span: Span) => string;
    readonly classOf: (text: string, index: number) => string;
  },
): Markup[] {
  const runs: { text: string; fromSeconds: number; toSeconds: number }[] = [];
  for (const span of course.spans) {
    const text = textOf(span);
    const last = runs.at(-1);
    if (last?.text === text) last.toSeconds = span.toSeconds;
    else runs.push({ text, fromSeconds: span.fromSeconds, toSeconds: span.toSeconds });
  }
  return runs.flatMap(({ text, fromSeconds, toSeconds }, index) => {
    const x = placeOf(fromSeconds, course, frame);
    const width = rounded(placeOf(toSeconds, course, frame) - x);
    const box = { x, y: top, width: Math.max(width, 0.5), height: LANE_HEIGHT };
    const drawn = element("rect", { ...box, class: classOf(text, index) });
    if (text === "" || width < widthOf(text)) return [drawn];
    const place = { x: rounded(x + width / 2), y: top + 13, class: "lane" };
    return [drawn, element("text", place, text)];
  });
}

/** The phases. */
export function phaseLane(course: Course, frame: Frame, top: number): Drawn {
  const marks = lane(course, frame, {
    top,
    textOf: ({ entry }) => entry.phase,
    classOf: (phase) => `phase ${phaseClass(phase)}`,
  });
  return { marks, height: LANE_HEIGHT + 4 };
}

/** The class of a phase's colour. */
export function phaseClass(phase: string): string {
  return ["Healthy", "Progressing", "Paused", "Degraded"].includes(phase)
    ? phase.toLowerCase()
    : "unknown";
}

/** The steps that are done; nothing where there are none. */
export function stepLane(course: Course, frame: Frame, top: number): Drawn {
  if (course.spans.every(({ entry }) => entry.steps === 0)) return { marks: [], height: 0 };
  const marks = lane(course, frame, {
    top,
    textOf: ({ entry: { step, steps } }) => steps === 0 ? "" : `${step}/${steps}`,
    classOf: (_, index) => index % 2 === 0 ? "step" : "step other",
  });
  return { marks, height: LANE_HEIGHT + 8 };
}

/** What took a while, each in a row of its own under its name. */
export function bandRows(
  bands: readonly Band[],
  course: Course,
  { frame, top }: { readonly frame: Frame; readonly top: number },
): Drawn {
  const shown = bands.slice(0, BANDS_MAX);
  const marks = shown.flatMap(({ kind, text, fromSeconds, toSeconds, isBad }, index) => {
    const y = top + index * BAND_HEIGHT;
    const x = placeOf(fromSeconds, course, frame);
    const width = Math.max(3, rounded(placeOf(toSeconds, course, frame) - x));
    const said = fitting(text, frame.right - frame.left);
    const start = Math.max(frame.left, Math.min(x, frame.right - widthOf(said)));
    return [
      element("text", { x: rounded(start), y: y + 12, class: "band" }, said),
      element("rect", {
        x,
        y: y + 16,
        width,
        height: 9,
        rx: 2,
        class: `bar ${kind}${isBad ? " bad" : ""}`,
      }),
    ];
  });
  const more = bands.length - shown.length;
  const rest = more === 0 ? [] : [
    element(
      "text",
      { x: frame.left, y: top + shown.length * BAND_HEIGHT + 12, class: "band" },
      `… and ${more} more`,
    ),
  ];
  const rows = shown.length + rest.length;
  return { marks: [...marks, ...rest], height: rows === 0 ? 0 : rows * BAND_HEIGHT + 4 };
}

/** Numbers of what happened, as the list below has them: as many rows as they need. */
export function happeningMarks(
  happenings: readonly Happening[],
  course: Course,
  { frame, top }: { readonly frame: Frame; readonly top: number },
): Drawn {
  /** Where each row ends. */
  const ends: number[] = [];
  const marks = happenings.map(({ kind, atSeconds, text }, index) => {
    const number = String(index + 1);
    const width = Math.max(MARK_SIZE, widthOf(number) + 4);
    const most = frame.right - width / 2;
    const x = Math.min(most, Math.max(width / 2 + 1, placeOf(atSeconds, course, frame)));
    const found = ends.findIndex((end) => end + 2 <= x - width / 2);
    const row = found < 0 ? ends.length : found;
    ends[row] = x + width / 2;
    const y = top + row * (MARK_SIZE + 3);
    const box = { x: rounded(x - width / 2), y, width, height: MARK_SIZE };
    return element(
      "g",
      { class: `mark ${kind}` },
      element("title", {}, text),
      element("rect", { ...box, rx: kind === "command" ? 3 : MARK_SIZE / 2 }),
      element("text", { x: rounded(x), y: y + 13 }, number),
    );
  });
  return { marks, height: ends.length === 0 ? 0 : ends.length * (MARK_SIZE + 3) + 6 };
}
