/** The last column of the timeline: why something changed, each reason once. */
import type { RunEntry } from "./run_entries.ts";
import { runNews } from "./run_news.ts";
import { MEASURED, PODS_CHANGED, type TimelineEntry } from "./timeline.ts";
import { type Trouble, troubleText } from "./troubles.ts";

/** What was said of one Rollout. */
interface Said {
  why: string;
  message: string;
  phase: string;
  /** The parts of the last reason; none after a command, or another phase. */
  parts: readonly string[];
  /** Causes by whose and what, since that command: what comes and goes is told once. */
  readonly troubles: Set<string>;
  /** How many commands there were. */
  commands: number;
  /** Those of the last entry. */
  present: readonly string[];
  runs: readonly RunEntry[];
}

/** Remembers what each Rollout's lines have said, so that nothing is said twice. */
export class Reasons {
  readonly #said = new Map<string, Said>();
  /** The command after which no Rollout has said anything. */
  #command = "";
  #commands = 0;

  noteCommand(text: string): void {
    this.#command = text;
    this.#commands++;
  }

  /** Why this entry differs from the one before: reason, analyses, new causes, what users miss. */
  of(entry: TimelineEntry): string {
    const said = this.#saidOf(entry);
    if (said.phase !== entry.phase) said.parts = [];
    const causes = entry.troubles.filter((trouble) => isNew(said, trouble)).map(troubleText);
    const warnings = entry.warnings.map((warning) => `⚠ ${warning}`);
    const told = [...runNews(entry, said.runs), ...causes, ...warnings];
    const reason = this.#reasonOf(entry, { said, isTold: told.length > 0 });
    said.why = entry.why;
    said.message = entry.message;
    said.phase = entry.phase;
    if (!isVague(entry)) said.parts = partsOf(entry.why);
    said.present = entry.troubles.map(nameOf);
    said.runs = entry.runs;
    return [...(reason === "" ? [] : [reason]), ...told].join("; ");
  }

  #reasonOf(
    { why, message }: TimelineEntry,
    { said, isTold }: { said: Said; isTold: boolean },
  ): string {
    const news = partsOf(why).filter((part) => !said.parts.includes(part));
    const isSaid = why === said.why || why === this.#command || news.length === 0;
    if (!isSaid && !(isVague({ why }) && isTold)) return news.join("; ");
    const isKnown = message === said.message || said.parts.includes(message);
    return isTold || isKnown ? "" : message;
  }

  #saidOf({ namespace, rollout }: TimelineEntry): Said {
    const key = `${namespace}/${rollout}`;
    let said = this.#said.get(key);
    if (said === undefined) {
      said = {
        why: "",
        message: "",
        phase: "",
        parts: [],
        troubles: new Set(),
        commands: 0,
        present: [],
        runs: [],
      };
      this.#said.set(key, said);
    }
    // Not at the command: of many Rollouts, few have anything to say after each.
    if (said.commands !== this.#commands) {
      said.troubles.clear();
      said.parts = [];
    }
    said.commands = this.#commands;
    return said;
  }
}

/** True where nobody but pods did something, or only analyses went on. */
function isVague({ why }: { why: string }): boolean {
  return why === PODS_CHANGED || why === MEASURED;
}

/** A pass says one thing after another. */
function partsOf(why: string): string[] {
  return why.split("; ");
}

function nameOf({ of, reason }: Trouble): string {
  return `${of} ${reason}`;
}

/** What was there before the last command is no news while it stays, and is when it comes again. */
function isNew({ troubles, present }: Said, trouble: Trouble): boolean {
  const name = nameOf(trouble);
  if (troubles.has(name) || present.includes(name)) return false;
  troubles.add(name);
  return true;
}
