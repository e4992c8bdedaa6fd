/** The page of `simulate -o html` in a real browser: its numbers, and that all can be read. */
import assert from "node:assert/strict";
import { reportPage, timeText } from "../../core/simulate/mod.ts";
import type { SetEntry, TimelineEntry } from "../../core/simulate/mod.ts";
import { Browser, type View } from "./browser/browser.ts";
import { findChromium } from "./browser/install.ts";
import { type ReportCase, reportCases } from "./browser/report_cases.ts";

const VIEWS: readonly View[] = [
  { width: 400, scheme: "light" },
  { width: 400, scheme: "dark" },
  { width: 1200, scheme: "light" },
  { width: 1200, scheme: "dark" },
  { width: 720, scheme: "dark", media: "print" },
];
const PAGE = { light: "rgb(255, 255, 255)", dark: "rgb(13, 17, 23)" };

/** Texts of the figure that lie over each other, or beyond its edge. */
const UNREADABLE = `
  [...document.querySelectorAll("svg")].filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => {
      const texts = [...svg.querySelectorAll("text")]
        .map((node) => ({ text: node.textContent, at: node.getBoundingClientRect() }));
      const edge = svg.getBoundingClientRect();
      const outside = texts.filter(({ at }) => at.left < edge.left - 1 || at.right > edge.right + 1)
        .map(({ text }) => "beyond the edge: " + text);
      const over = texts.flatMap((one, index) => texts.slice(index + 1).filter(({ at }) =>
        one.at.left < at.right - 1 && at.left < one.at.right - 1 &&
        one.at.top < at.bottom - 2 && at.top < one.at.bottom - 2
      ).map(({ text }) => one.text + " over " + text));
      return [...outside, ...over];
    })`;

const ROWS = `[...document.querySelectorAll("section")].map((section) =>
  [...section.querySelectorAll("tbody tr")].map((row) =>
    Object.fromEntries([...row.cells].map((cell) => [cell.dataset.name, cell.textContent]))))`;

const { program, reason } = await findChromium();
// deno-lint-ignore no-console -- whoever runs the tests has to know what was left out
if (program === undefined) console.warn(`The page of a report is not looked at: ${reason}`);

Deno.test({
  name: "a report in a browser: all numbers, nothing over another, no complaint",
  ignore: program === undefined,
  fn: async (t) => {
    const browser = await Browser.start(program ?? "");
    const folder = await Deno.makeTempDir({ prefix: "sluice-report-" });
    try {
      for (const make of reportCases()) {
        const found = await make();
        await t.step(found.name, async () => await lookAt(found, browser, `${folder}/page.html`));
      }
    } finally {
      await browser.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function lookAt({ shown }: ReportCase, browser: Browser, path: string): Promise<void> {
  await Deno.writeTextFile(path, reportPage(shown));
  await browser.open(path);
  for (const view of VIEWS) {
    const { width, scheme, media } = view;
    const where = `${width} px, ${scheme}, ${media ?? "screen"}`;
    await browser.look(view);
    assert.deepEqual(await browser.read(UNREADABLE), [], where);
    const page = await browser.read<number>("document.documentElement.scrollWidth");
    assert.ok(page <= width, `${where}: the page is ${page} px wide`);
    const colour = await browser.read("getComputedStyle(document.body).backgroundColor");
    assert.equal(colour, PAGE[media === "print" ? "light" : scheme], where);
  }
  assert.deepEqual(await readNumbers(browser), numbersOf(shown));
  const lists = await browser.read("document.querySelectorAll('ol.happenings li').length");
  const marks = await browser.read("document.querySelectorAll('.wide .mark').length");
  assert.equal(lists, marks);
  assert.deepEqual([browser.complaints, browser.requests], [[], []]);
  assert.equal(await browser.read("document.scripts.length"), 0);
}

type Row = Readonly<Record<string, string>>;

/** The tables of the page, as numbers again. */
async function readNumbers(browser: Browser): Promise<unknown> {
  const sections = await browser.read<Row[][]>(ROWS);
  return sections.filter(([row]) => row !== undefined && "Pods" in row).map((rows) =>
    rows.map((row) => ({
      time: row["Time"],
      phase: row["Phase"],
      steps: row["Steps"],
      weights: "Weight, %" in row ? [Number(row["Set weight, %"]), Number(row["Weight, %"])] : [],
      stable: row["Stable"],
      canary: row["New"],
      pods: Number(row["Pods"]),
    }))
  );
}

/** The same as the JSON has it. */
function numbersOf({ timeline }: ReportCase["shown"]): unknown {
  const names = [...new Set(timeline.map(({ rollout }) => rollout))];
  return names.map((name) => {
    const own = timeline.filter(({ rollout }) => rollout === name);
    const isBlueGreen = own.some(({ strategy }) => strategy === "BlueGreen");
    return own.map((entry: TimelineEntry) => ({
      time: timeText(entry.atSeconds),
      phase: entry.phase,
      steps: entry.steps === 0 ? "–" : `${entry.step}/${entry.steps}`,
      weights: isBlueGreen ? [] : [entry.setWeight, entry.actualWeight],
      stable: setText(entry.stable),
      canary: setText(entry.canary),
      pods: entry.pods,
    }));
  });
}

function setText(set: SetEntry | null): string {
  return set === null ? "–" : `r${set.revision} ${set.available}/${set.replicas}`;
}
