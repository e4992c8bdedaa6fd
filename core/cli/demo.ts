/** `sluice demo`: a rollout told live, on the embedded cluster, ten times as fast as real. */
import { Command, Option } from "commander";
import { sleep } from "../ports/mod.ts";
import {
  type Moment,
  parseTimedCommand,
  type Scenario,
  simulate,
  START_MS,
  timeText,
  UNTIL_DEFAULT_MS,
  type Watcher,
} from "../simulate/mod.ts";
import { type RenderOptions, renderRollout, type RolloutInfo } from "../view/mod.ts";
import { STORIES, type Story } from "./demo_stories.ts";
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

const EXAMPLES = `
Examples:
  sluice demo             # a canary, live, in about fifteen seconds
  sluice demo --case 01   # a blue-green
  sluice demo --case 03   # a canary that is undone twice, and aborted
  sluice demo --fast      # the whole story at once; also when the output is piped`;

export function demoCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command("demo")
    .description("Watch a rollout on an embedded cluster; needs nothing but this program.")
    .addOption(
      new Option("--case <number>", "which story").choices(Object.keys(STORIES)).default("02"),
    )
    .option("--fast", "no waiting and no redrawing", false)
    .addHelpText("after", EXAMPLES)
    .action(async (options: { case: string; fast: boolean }) => {
      const story = STORIES[options.case] as Story;
      const isLive = terminal.isInteractive && !options.fast;
      onExit(isLive ? await show(terminal, story) : await tell(terminal, story));
    });
}

function scenarioOf({ objects, scenes }: Story): Scenario {
  return {
    objects,
    script: [],
    timed: scenes.flatMap(({ atSeconds, command }) =>
      command === undefined ? [] : [parseTimedCommand(`${atSeconds}s: ${command}`)]
    ),
    files: new Map(),
    untilMs: UNTIL_DEFAULT_MS,
    seed: 1,
  };
}

/** The story line by line, then the last screen. */
async function tell(terminal: Terminal, story: Story): Promise<number> {
  const outcome = await simulate(scenarioOf(story));
  const told = linesOf(story, outcome).map((line) => `${line}\n`).join("");
  const screens = outcome.screens.map((screen) => renderRollout(screen)).join("\n");
  terminal.out(`${told}\n${screens}\n${TRY_NEXT}`);
  return 0;
}

const TRY_NEXT = `Now with a Rollout of your own: sluice simulate FILE (see sluice simulate --help)
`;

/** The tree redrawing itself, with the latest lines of the story below. */
async function show(terminal: Terminal, story: Story): Promise<number> {
  let isStopped = false;
  const unsubscribe = terminal.onStop(() => {
    isStopped = true;
  });
  terminal.out(HIDE_CURSOR);
  try {
    const watcher: Watcher = async (moment) => {
      const { nowMs, nextMs = nowMs } = moment;
      const lines = linesOf(story, moment.outcome);
      for (let ms = nowMs; !isStopped; ms = Math.min(ms + FRAME_MS * SPEED, nextMs)) {
        draw(terminal, { story, screens: moment.screensAt(ms), lines, ms });
        if (ms >= nextMs) break;
        await sleep(terminal.clock, Math.min(FRAME_MS, (nextMs - ms) / SPEED));
      }
      if (isStopped) throw new Stopped();
    };
    await simulate(scenarioOf(story), { watcher });
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
  readonly story: Story;
  readonly screens: readonly RolloutInfo[];
  /** What was told of the story so far. */
  readonly lines: readonly string[];
  readonly ms: number;
}

function draw(terminal: Terminal, { story, screens, lines, ms }: Frame): void {
  const { widthColumns, heightRows = 24, hasColour } = terminal;
  const options: RenderOptions = {
    color: hasColour,
    heightRows: heightRows - STORY_ROWS_MIN - 4,
    ...(widthColumns === undefined ? {} : { widthColumns }),
  };
  const title =
    `sluice demo: ${timeText(Math.floor((ms - START_MS) / 1000))} of ${story.subject}, ` +
    `${SPEED} times as fast as real (Ctrl-C ends it)`;
  const tree = screens.map((screen) => renderRollout(screen, options)).join("\n").trimEnd();
  const top = [title, "", ...tree.split("\n"), ""];
  const storyRows = Math.max(STORY_ROWS_MIN, heightRows - top.length - 1);
  const frame = [...top, ...lines.slice(-storyRows)].map((line) => cut(line, widthColumns));
  terminal.out(`${CLEAR}${frame.join("\n")}\n`);
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
function linesOf({ scenes }: Story, { timeline, actions }: Moment["outcome"]): string[] {
  const endSeconds = timeline.at(-1)?.atSeconds ?? 0;
  const lines = scenes.filter(({ atSeconds }) => atSeconds <= endSeconds)
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
