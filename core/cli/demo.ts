/** `sluice demo`: a rollout told live, on the embedded cluster, ten times as fast as real. */
import { CommandLineError } from "../command/mod.ts";
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
import { Redrawing, renderRollout, type RolloutInfo, wrapLine, wrapText } from "../view/mod.ts";
import { STORIES, type Story } from "./demo_stories.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";

const SPEED = 10;
/** How often the screen is drawn anew while nothing happens, for the ages. */
const FRAME_MS = 100;
/** Lines of the story that are seen in any case. */
const STORY_ROWS_MIN = 4;
/** Of a terminal that does not know its size. */
const COLUMNS = 80;
const ROWS = 24;
/** Where the story's sentences begin: behind the time. */
const STORY_INDENT = 10;
const INTERRUPTED = 130;

const NOTES = `
Examples:
  sluice demo             # a canary, live, in about fifteen seconds
  sluice demo --case 01   # a blue-green
  sluice demo --case 03   # a canary that is undone twice, and aborted
  sluice demo --fast      # the whole story at once; also when the output is piped

Exit codes: 0 told to the end; 1 a flag is wrong; 130 after Ctrl-C.`;

export const DEMO = programVerb({
  usage: "demo [flags]",
  flags: {
    case: {
      value: "NUMBER",
      default: "02",
      choices: Object.keys(STORIES),
      about: "Which story: 01, 02 or 03",
    },
    fast: { about: "Print the whole story at once" },
  },
  notes: NOTES,
  badInputCode: 1,
  async run(terminal, names, flags) {
    if (names.length > 0) throw new CommandLineError(`unexpected argument "${names[0]}"`);
    const story = STORIES[flags.case] as Story;
    const isLive = terminal.canRedraw && !flags.fast;
    return isLive ? await show(terminal, story) : await tell(terminal, story);
  },
});

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
  const redrawing = new Redrawing(terminal.out);
  let last: Frame | undefined;
  redrawing.begin();
  try {
    const watcher: Watcher = async (moment) => {
      const { nowMs, nextMs = nowMs } = moment;
      const lines = linesOf(story, moment.outcome);
      for (let ms = nowMs; !isStopped; ms = Math.min(ms + FRAME_MS * SPEED, nextMs)) {
        last = { story, screens: moment.screensAt(ms), lines, ms };
        const { columns, rows } = terminal.size();
        redrawing.show(frameLines(last, terminal), `${columns}x${rows}`);
        if (ms >= nextMs) break;
        await sleep(terminal.clock, Math.min(FRAME_MS, (nextMs - ms) / SPEED));
      }
      if (isStopped) throw new Stopped();
    };
    await simulate(scenarioOf(story), { watcher });
    return 0;
  } catch (error) {
    if (error instanceof Stopped) return INTERRUPTED;
    throw error;
  } finally {
    redrawing.end();
    unsubscribe();
    // What was seen last stays to be read.
    if (last !== undefined) terminal.out(`${frameLines(last, terminal).join("\n")}\n`);
    if (!isStopped) terminal.out(`\n${TRY_NEXT}`);
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

/** The lines of a frame, as many and as wide as the terminal has room for. */
function frameLines({ story, screens, lines, ms }: Frame, terminal: Terminal): string[] {
  const { columns = COLUMNS, rows = ROWS } = terminal.size();
  const title =
    `sluice demo: ${timeText(Math.floor((ms - START_MS) / 1000))} of ${story.subject}, ` +
    `${SPEED} times as fast as real (Ctrl-C ends it)`;
  const tree = screens.map((screen) =>
    renderRollout(screen, {
      color: terminal.hasColour,
      widthColumns: columns,
      heightRows: Math.max(0, rows - STORY_ROWS_MIN - 4),
    })
  ).join("\n").trimEnd();
  const top = [...wrapText(title, columns), "", ...tree.split("\n"), ""];
  const storyRows = Math.max(STORY_ROWS_MIN, rows - top.length);
  const told = lines.flatMap((line) => wrapLine(line, { columns, indent: STORY_INDENT }));
  return [...top, ...told.slice(-storyRows)].slice(0, rows);
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
