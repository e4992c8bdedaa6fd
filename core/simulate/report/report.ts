/** A page for a review: how an update went, for somebody who did not see it. */
import { usersText } from "../render_users.ts";
import type { ShownOutcome } from "../shown_outcome.ts";
import { timeText } from "../time_text.ts";
import { type Course, coursesOf } from "./course.ts";
import { coloursOf, figures } from "./figure.ts";
import { phaseClass } from "./lanes.ts";
import { element, Markup } from "./markup.ts";
import { STYLES } from "./styles.ts";
import { courseTable, experimentTable } from "./tables.ts";

// Nothing is loaded and nothing runs, whatever stands in names and messages.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The page; whole in itself: no script, no font, no picture from elsewhere. */
export function reportPage(shown: ShownOutcome): string {
  const courses = coursesOf(shown);
  const names = courses.map(({ name }) => name).join(", ");
  const title = names === "" ? "Rehearsal" : `Rehearsal of ${names}`;
  const page = element(
    "html",
    { lang: "en" },
    element(
      "head",
      {},
      element("meta", { charset: "utf-8" }),
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      element("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
      element("meta", { name: "color-scheme", content: "light dark" }),
      element("title", {}, title),
      Markup.style(STYLES),
    ),
    element(
      "body",
      {},
      element("h1", {}, title),
      element(
        "p",
        { class: "faint" },
        "Simulated with Sluice in virtual time: no cluster was asked or changed.",
      ),
      facts(shown, courses.length > 1),
      usersSection(shown),
      courses.map((course) => courseSection(course, courses.length > 1)),
      experimentsSection(shown),
    ),
  );
  return `<!doctype html>\n${page.text}\n`;
}

function facts({ result, writes, endSeconds }: ShownOutcome, isOneOfSeveral: boolean): Markup {
  const { phase, message, atSeconds, peakPods, rollout, violations } = result;
  const who = isOneOfSeveral && rollout !== undefined ? `${rollout}: ` : "";
  const end = `${who}${phase || "nothing is left"}${message === "" ? "" : `: ${message}`}`;
  const rows: [name: string, value: string][] = [
    ["At the end", end],
    ["In this state since", `${timeText(atSeconds)} of ${timeText(endSeconds)}`],
    ["Most pods at a time", String(peakPods)],
    ["Writes of the controller", String(writes.total)],
    ["Safety rules", violations.length === 0 ? "none was broken" : `${violations.length} broken`],
  ];
  return element(
    "dl",
    { class: "facts" },
    rows.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value))
    ),
  );
}

/** What users got, in sentences. */
function usersSection({ users, result: { violations } }: ShownOutcome): Markup[] {
  const broken = violations.map(({ rule, rollout, message }) =>
    element("p", { class: "bad-text" }, `${rule} was broken by ${rollout}: ${message}`)
  );
  const lines = usersText(users).map((line) => element("p", {}, line));
  if (lines.length + broken.length === 0) return [];
  return [element("h3", {}, "What users got"), ...broken, ...lines];
}

function courseSection(course: Course, isOneOfMany: boolean): Markup {
  const { namespace, name, happenings } = course;
  const title = isOneOfMany ? `${namespace}/${name}` : "The course of the update";
  const list = happenings.map(({ kind, atSeconds, text }) =>
    element(
      "li",
      {},
      element("span", { class: "time" }, timeText(atSeconds)),
      " ",
      element("span", { class: kind }, text),
    )
  );
  return element(
    "section",
    {},
    element("h2", {}, title),
    legend(course),
    figures(course),
    happenings.length === 0 ? [] : [
      element("h3", {}, "What happened"),
      element("ol", { class: "happenings" }, list),
    ],
    element("h3", {}, "Every change"),
    element(
      "p",
      { class: "faint" },
      "r2 1/3: revision 2 has 1 available pod of 3 that it is to have.",
    ),
    courseTable(course),
  );
}

function legend(course: Course): Markup {
  const revisions = [...coloursOf(course)].map(([name, colour]) =>
    element(
      "li",
      {},
      element("span", { class: `swatch c${colour}` }),
      /^r\d+$/.test(name) ? `${name}: revision ${name.slice(1)}` : `${name} that is taken over`,
    )
  );
  const line = element(
    "li",
    {},
    element("span", { class: "swatch dash" }),
    "what was wanted: the set weight, and pods",
  );
  const phases = [...new Set(course.spans.map(({ entry }) => entry.phase))].map((phase) =>
    element("li", {}, element("span", { class: `swatch ${phaseClass(phase)}` }), phase)
  );
  return element("ul", { class: "legend" }, revisions, line, phases);
}

function experimentsSection({ experiments = [] }: ShownOutcome): Markup[] {
  if (experiments.length === 0) return [];
  return [
    element(
      "section",
      {},
      element("h2", {}, "Experiments"),
      experimentTable(experiments),
    ),
  ];
}
