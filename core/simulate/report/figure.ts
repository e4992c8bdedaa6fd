/** The figure of a Rollout: shares and pods of its revisions over time, and what happened. */
import { areas, stepLine } from "./areas.ts";
import { type Course, podsOf, sharesOf } from "./course.ts";
import { bandRows, type Drawn, happeningMarks, phaseLane, stepLane } from "./lanes.ts";
import { element, type Markup } from "./markup.ts";
import { type Frame, NARROW, placeOf, rounded, WIDE } from "./scale.ts";
import { countTicks, timeTicks } from "./time_axis.ts";

const SHARES_HEIGHT = 130;
const PODS_HEIGHT = 110;
const TITLE_HEIGHT = 22;
const COLOURS = 6;

/** The figure for wide and for narrow places; a style sheet shows one of them. */
export function figures(course: Course): Markup[] {
  return [
    element("div", { class: "figure wide" }, figure(course, WIDE)),
    element("div", { class: "figure narrow" }, figure(course, NARROW)),
  ];
}

/** The names of what is drawn, each with the number of its colour. */
export function coloursOf({ spans }: Course): Map<string, number> {
  const names = spans.flatMap(({ entry }) => podsOf(entry).map(({ name }) => name));
  return new Map([...new Set(names)].map((name, index) => [name, index % COLOURS]));
}

function figure(course: Course, frame: Frame): Markup {
  const marks: Markup[] = [];
  let top = 4;
  const draw = ({ marks: drawn, height }: Drawn) => {
    marks.push(...drawn);
    top += height;
  };
  const title = (text: string) => {
    marks.push(element("text", { x: 4, y: top + 13, class: "title" }, text));
    top += TITLE_HEIGHT;
  };
  const { happenings, bands } = course;
  if (happenings.length > 0) title("What happened (numbers of the list below)");
  draw(happeningMarks(happenings, course, { frame, top }));
  const guidesTop = top;
  title("Phase, and steps that are done");
  draw(phaseLane(course, frame, top));
  draw(stepLane(course, frame, top));
  title(sharesTitle(course));
  draw(sharesPlot(course, frame, top));
  title("Available pods by revision");
  draw(podsPlot(course, frame, top));
  if (bands.length > 0) title("Analyses, experiments, plugins, outages");
  draw(bandRows(bands, course, { frame, top }));
  const guides = guideLines(course, frame, { top: guidesTop, bottom: top });
  draw(timeAxis(course, frame, top));
  const label =
    `Course of ${course.name}: shares and pods of its revisions; the table has all numbers`;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${frame.width} ${top}`,
      role: "img",
      "aria-label": label,
    },
    guides,
    marks,
  );
}

/** Who has what share of what. */
function sharesTitle({ entries }: Course): string {
  const isRouted = entries.some(({ routes }) => routes !== undefined);
  if (isRouted) return "Share of the requests by revision, %";
  const isBlueGreen = entries.some(({ strategy }) => strategy === "BlueGreen");
  return isBlueGreen
    ? "Revision that users reach (active Service), %"
    : "Share of the available pods by revision, %";
}

/** Thin lines through everything, where somebody did something or the update was aborted. */
function guideLines(
  course: Course,
  frame: Frame,
  { top, bottom }: { top: number; bottom: number },
): Markup[] {
  return course.happenings.filter(({ kind }) => kind === "command" || kind === "abort")
    .map(({ kind, atSeconds }) => {
      const x = placeOf(atSeconds, course, frame);
      return element("path", { d: `M${x} ${top}V${bottom}`, class: `guide ${kind}` });
    });
}

function sharesPlot(course: Course, frame: Frame, top: number): Drawn {
  const plot = { top, bottom: top + SHARES_HEIGHT, greatest: 100 };
  const colours = coloursOf(course);
  const isCanary = course.entries.some(({ strategy }) => strategy === "Canary");
  return {
    marks: [
      ...grid(frame, plot, [0, 50, 100]),
      ...areas(course, frame, {
        ...plot,
        partsOf: ({ entry }) => sharesOf(entry),
        colourOf: (name) => colours.get(name) ?? 0,
      }),
      ...(isCanary
        ? stepLine(course, frame, {
          plot,
          valueOf: ({ entry }) => entry.canary === null ? undefined : entry.setWeight,
          unit: "%",
        })
        : []),
    ],
    height: SHARES_HEIGHT + 12,
  };
}

function podsPlot(course: Course, frame: Frame, top: number): Drawn {
  const wantedOf = ({ canary, stable, others, workload }: Course["entries"][number]) =>
    [canary, stable, ...others].reduce((sum, set) => sum + (set?.replicas ?? 0), 0) +
    (workload?.replicas ?? 0);
  const most = Math.max(
    1,
    ...course.entries.map(({ pods }) => pods),
    ...course.entries.map(wantedOf),
  );
  const ticks = countTicks(most, 4);
  const plot = { top, bottom: top + PODS_HEIGHT, greatest: ticks.at(-1) ?? most };
  const colours = coloursOf(course);
  return {
    marks: [
      ...grid(frame, plot, ticks),
      ...areas(course, frame, {
        ...plot,
        partsOf: ({ entry }) => podsOf(entry),
        colourOf: (name) => colours.get(name) ?? 0,
      }),
      ...stepLine(course, frame, {
        plot,
        valueOf: ({ entry }) => wantedOf(entry),
        unit: undefined,
      }),
    ],
    height: PODS_HEIGHT + 12,
  };
}

/** Lines and numbers at these amounts. */
function grid(
  { left, right }: Frame,
  { top, bottom, greatest }: { top: number; bottom: number; greatest: number },
  ticks: readonly number[],
): Markup[] {
  return ticks.flatMap((tick) => {
    const y = rounded(bottom - (tick / greatest) * (bottom - top));
    return [
      element("path", { d: `M${left} ${y}H${right}`, class: "grid" }),
      element("text", { x: left - 5, y: y + 4, class: "tick amount" }, String(tick)),
    ];
  });
}

function timeAxis(course: Course, frame: Frame, top: number): Drawn {
  const { left, right, mostTicks } = frame;
  const ticks = timeTicks(course.endSeconds, mostTicks).flatMap(({ seconds, text }) => {
    const x = placeOf(seconds, course, frame);
    return [
      element("path", { d: `M${x} ${top}v5`, class: "axis" }),
      element("text", { x, y: top + 17, class: "tick time" }, text),
    ];
  });
  const name = { x: right, y: top + 33, class: "tick end" };
  return {
    marks: [
      element("path", { d: `M${left} ${top}H${right}`, class: "axis" }),
      ...ticks,
      element("text", name, "time since the start"),
    ],
    height: 40,
  };
}
