/** `sluice demo`: a canary told live, on the embedded cluster, ten times as fast as real. */
import { Command } from "commander";
import { readManifests } from "../api/manifest/mod.ts";
import { sleep } from "../ports/mod.ts";
import {
  type Moment,
  parseTimedCommand,
  type Scenario,
  simulate,
  START_MS,
  timeText,
  UNTIL_DEFAULT_MS,
} from "../simulate/mod.ts";
import { type RenderOptions, renderRollout, type RolloutInfo } from "../view/mod.ts";
import manifests from "./demo_manifests.yaml" with { type: "text" };
import type { Terminal } from "./terminal.ts";

const SPEED = 10;
/** How often the screen is drawn anew while nothing happens, for the ages. */
const FRAME_MS = 100;
const CLEAR = "\x1b[H\x1b[2J";
/** Lines of the story that are seen in any case. */
const STORY_ROWS_MIN = 4;
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const INTERRUPTED = 130;

const IMAGE = "ghcr.io/ssup2/mock-go-server";

/** What is done when, and what it is about. */
interface Scene {
  readonly atSeconds: number;
  readonly command?: string;
  readonly remark: string;
}

const SCENES: readonly Scene[] = [
  {
    atSeconds: 0,
    remark: "A first deployment takes no steps: all five pods come at once.",
  },
  {
    atSeconds: 40,
    command: `set image mock-server mock-server=${IMAGE}:2.0.0`,
    remark: "Version 2.0.0: one pod of five gets it, then the rollout waits for somebody's word.",
  },
  {
    atSeconds: 80,
    command: `set image mock-server mock-server=${IMAGE}:3.0.0`,
    remark: "A newer image before that word: revision 2 is given up, revision 3 starts at step 0.",
  },
  {
    atSeconds: 120,
    command: "promote mock-server",
    remark: "Promoted: on to 40 %, half a minute's wait, then everything.",
  },
];

const EXAMPLES = `
Examples:
  sluice demo          # live, in about fifteen seconds
  sluice demo --fast   # the whole story at once; also when the output is piped`;

export function demoCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command("demo")
    .description("Watch a canary roll out on an embedded cluster; needs nothing but this program.")
    .option("--fast", "no waiting and no redrawing", false)
    .addHelpText("after", EXAMPLES)
    .action(async ({ fast }: { fast: boolean }) => {
      onExit(fast || !terminal.isInteractive ? await tell(terminal) : await show(terminal));
    });
}

function demoScenario(): Scenario {
  const { documents } = readManifests({ file: "demo", text: manifests });
  return {
    objects: documents.map(({ object }) => object),
    script: [],
    timed: SCENES.flatMap(({ atSeconds, command }) =>
      command === undefined ? [] : [parseTimedCommand(`${atSeconds}s: ${command}`)]
    ),
    files: new Map(),
    untilMs: UNTIL_DEFAULT_MS,
    seed: 1,
  };
}

/** The story line by line, then the last screen. */
async function tell(terminal: Terminal): Promise<number> {
  const outcome = await simulate(demoScenario());
  const story = storyOf(outcome).map((line) => `${line}\n`).join("");
  const screens = outcome.screens.map((screen) => renderRollout(screen)).join("\n");
  terminal.out(`${story}\n${screens}\n${TRY_NEXT}`);
  return 0;
}

const TRY_NEXT = `Now with a Rollout of your own: sluice simulate FILE (see sluice simulate --help)
`;

/** The tree redrawing itself, with the latest lines of the story below. */
async function show(terminal: Terminal): Promise<number> {
  let isStopped = false;
  const unsubscribe = terminal.onStop(() => {
    isStopped = true;
  });
  terminal.out(HIDE_CURSOR);
  try {
    await simulate(demoScenario(), async (moment) => {
      const { nowMs, nextMs = nowMs } = moment;
      const story = storyOf(moment.outcome);
      for (let ms = nowMs; !isStopped; ms = Math.min(ms + FRAME_MS * SPEED, nextMs)) {
        draw(terminal, { screens: moment.screensAt(ms), story, ms });
        if (ms >= nextMs) break;
        await sleep(terminal.clock, Math.min(FRAME_MS, (nextMs - ms) / SPEED));
      }
      if (isStopped) throw new Stopped();
    });
    terminal.out(`\n${TRY_NEXT}`);
    return 0;
  } catch (error) {
    if (error instanceof Stopped) return INTERRUPTED;
    throw error;
  } finally {
    terminal.out(SHOW_CURSOR);
    unsubscribe();
  }
}

class Stopped extends Error {}

/** What one frame shows, at a time of the simulation. */
interface Frame {
  readonly screens: readonly RolloutInfo[];
  readonly story: readonly string[];
  readonly ms: number;
}

function draw(terminal: Terminal, { screens, story, ms }: Frame): void {
  const { widthColumns, heightRows = 24, hasColour } = terminal;
  const options: RenderOptions = {
    color: hasColour,
    heightRows: heightRows - STORY_ROWS_MIN - 4,
    ...(widthColumns === undefined ? {} : { widthColumns }),
  };
  const title = `sluice demo: ${timeText(Math.floor((ms - START_MS) / 1000))} of a canary, ` +
    `${SPEED} times as fast as real (Ctrl-C ends it)`;
  const tree = screens.map((screen) => renderRollout(screen, options)).join("\n").trimEnd();
  const top = [title, "", ...tree.split("\n"), ""];
  const storyRows = Math.max(STORY_ROWS_MIN, heightRows - top.length - 1);
  const lines = [...top, ...story.slice(-storyRows)].map((line) => cut(line, widthColumns));
  terminal.out(`${CLEAR}${lines.join("\n")}\n`);
}

/** A line no wider than the terminal; one with colours was cut where it was made. */
function cut(line: string, widthColumns: number | undefined): string {
  const letters = [...line];
  const isPlain = !line.includes("\x1b");
  return isPlain && widthColumns !== undefined && letters.length > widthColumns
    ? `${letters.slice(0, widthColumns - 1).join("")}…`
    : line;
}

/** What was said, done and decided so far, one line each. */
function storyOf({ timeline, actions }: Moment["outcome"]): string[] {
  const endSeconds = timeline.at(-1)?.atSeconds ?? 0;
  const lines = SCENES.filter(({ atSeconds }) => atSeconds <= endSeconds)
    .flatMap(({ atSeconds, command, remark }) => [
      ...(command === undefined ? [] : [{ atSeconds, line: `$ ${command}` }]),
      { atSeconds, line: remark },
    ]);
  let last = "";
  for (const { atSeconds, why, phase, message } of timeline) {
    if (why === last || actions.some(({ text }) => text === why)) continue;
    last = why;
    const state = phase === "Progressing" || message === "" ? phase : `${phase} (${message})`;
    lines.push({ atSeconds, line: `  ${why} → ${state}` });
  }
  return lines
    .map((entry, index) => ({ ...entry, index }))
    .sort((a, b) => a.atSeconds - b.atSeconds || a.index - b.index)
    .map(({ atSeconds, line }) => `${timeText(atSeconds).padStart(8)}  ${line}`);
}
