/** Stacked areas that change in steps: who has what part of something over time. */
import type { Course, Part, Span } from "./course.ts";
import { element, type Markup } from "./markup.ts";
import { type Frame, placeOf, rounded, widthOf } from "./scale.ts";

/** Where the areas are, and what fills them. */
export interface Plot {
  readonly top: number;
  readonly bottom: number;
  /** The amount at the top. */
  readonly greatest: number;
  readonly partsOf: (span: Span) => readonly Part[];
  /** The place of a part's colour among the colours. */
  readonly colourOf: (name: string) => number;
}

/** A rectangle of one part. */
interface Cell {
  readonly name: string;
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
}

const LABEL_HEIGHT = 14;

/** The areas, and the name of each where it is widest. */
export function areas(course: Course, frame: Frame, plot: Plot): Markup[] {
  const cells = cellsOf(course, frame, plot);
  const names = [...new Set(cells.map(({ name }) => name))];
  const drawn = names.map((name) => {
    const own = cells.filter((cell) => cell.name === name);
    const path = own.map(({ x, width, y, height }) =>
      `M${x} ${y}h${width}v${height}h${rounded(-width)}z`
    ).join("");
    return element("path", { d: path, class: `area c${plot.colourOf(name)}` });
  });
  const labels = names.flatMap((name) => {
    const widest = widestOf(cells.filter((cell) => cell.name === name));
    if (widest === undefined) return [];
    const { x, width, y, height } = widest;
    if (width < widthOf(name) || height < LABEL_HEIGHT) return [];
    const place = { x: rounded(x + width / 2), y: rounded(y + height / 2 + 4) };
    return [element("text", { ...place, class: "name" }, name)];
  });
  return [...drawn, ...labels];
}

function cellsOf(course: Course, frame: Frame, plot: Plot): Cell[] {
  const { top, bottom, greatest, partsOf } = plot;
  return course.spans.flatMap((span) => {
    const x = placeOf(span.fromSeconds, course, frame);
    const width = rounded(placeOf(span.toSeconds, course, frame) - x);
    let y = bottom;
    return partsOf(span).filter(({ amount }) => amount > 0).map(({ name, amount }): Cell => {
      const height = rounded((amount / greatest) * (bottom - top));
      y = rounded(y - height);
      return { name, x, width, y, height };
    });
  });
}

/** The widest rectangle that lies in neighbours of one part. */
function widestOf(cells: readonly Cell[]): Cell | undefined {
  let best: Cell | undefined;
  for (const [index, first] of cells.entries()) {
    let joined = first;
    if (isBetter(joined, best)) best = joined;
    for (const next of cells.slice(index + 1)) {
      const y = Math.max(joined.y, next.y);
      const height = Math.min(joined.y + joined.height, next.y + next.height) - y;
      const isBeside = Math.abs(joined.x + joined.width - next.x) < 0.5;
      if (!isBeside || height < LABEL_HEIGHT) break;
      joined = { ...joined, width: joined.width + next.width, y, height };
      if (isBetter(joined, best)) best = joined;
    }
  }
  return best;
}

function isBetter(one: Cell, other: Cell | undefined): boolean {
  const isHigh = one.height >= LABEL_HEIGHT;
  const isOtherHigh = other !== undefined && other.height >= LABEL_HEIGHT;
  if (isHigh !== isOtherHigh) return isHigh;
  return other === undefined || one.width > other.width;
}

/** A line that changes in steps, with the values of its plateaus where there is room for them. */
export function stepLine(
  course: Course,
  frame: Frame,
  { plot, valueOf, unit }: {
    readonly plot: Pick<Plot, "top" | "bottom" | "greatest">;
    readonly valueOf: (span: Span) => number | undefined;
    /** Behind the values; undefined: they are not told. */
    readonly unit: string | undefined;
  },
): Markup[] {
  const { top, bottom, greatest } = plot;
  const heightOf = (value: number) => rounded(bottom - (value / greatest) * (bottom - top));
  let path = "";
  let before: number | undefined;
  const plateaus: { value: number; x: number; end: number }[] = [];
  for (const span of course.spans) {
    const value = valueOf(span);
    const [x, end] = [span.fromSeconds, span.toSeconds].map((at) => placeOf(at, course, frame));
    if (x === undefined || end === undefined) continue;
    if (value !== undefined) {
      path += before === undefined ? `M${x} ${heightOf(value)}` : `V${heightOf(value)}`;
      path += `H${end}`;
      const last = plateaus.at(-1);
      if (last !== undefined && last.value === value && last.end === x) last.end = end;
      else plateaus.push({ value, x, end });
    }
    before = value;
  }
  if (path === "") return [];
  const line = element("path", { d: path, class: "line" });
  if (unit === undefined) return [line];
  return [line, ...plateauLabels(plateaus, { heightOf, unit, top })];
}

function plateauLabels(
  plateaus: readonly { value: number; x: number; end: number }[],
  { heightOf, unit, top }: { heightOf: (value: number) => number; unit: string; top: number },
): Markup[] {
  return plateaus.flatMap(({ value, x, end }) => {
    const text = `${value}${unit}`;
    if (value === 0 || end - x < widthOf(text)) return [];
    // Above the line, or below it where the plot ends.
    const y = heightOf(value) - 4 < top + 10 ? heightOf(value) + 12 : heightOf(value) - 4;
    return [element("text", { x: rounded(x + 3), y, class: "value" }, text)];
  });
}
