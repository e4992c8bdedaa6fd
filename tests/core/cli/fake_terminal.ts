import {
  type CalledAs,
  type FolderEntry,
  runProgram,
  type Terminal,
  type TerminalSize,
} from "../../../core/cli/mod.ts";
import type { Clock } from "../../../core/ports/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";

/** What a run of the program left behind. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What the user's machine holds. */
export interface Machine {
  /** The name under which the program is used; `sluice`. */
  readonly calledAs?: CalledAs;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly standardInput?: string;
  /** A terminal that somebody looks at; asked for its size anew each time. */
  readonly screen?: TerminalSize | (() => TerminalSize);
  readonly hasColour?: boolean;
  /** It can only print one line after the other. */
  readonly isDumb?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where a pod finds its service account. */
  readonly serviceAccountFolder?: string;
  /** A clock on which nobody waits, when absent. */
  readonly clock?: Clock;
  /** The user stops the program then. */
  readonly stopping?: Promise<void>;
  /** Sees standard output as it is written. */
  readonly onOutput?: (text: string) => void;
  /** Is told of each file that is read. */
  readonly onRead?: (path: string) => void;
  /** The user stops the program after so many pieces of output. */
  readonly stopsAfter?: number;
}

/** Runs the program on a machine that is only in memory. */
export async function run(args: readonly string[], machine: Machine = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runProgram(args, terminalOf(machine, { out, err }));
  return { code, out: out.join(""), err: err.join("") };
}

/** `sluice simulate` of one file, `web.yaml`. */
export function simulateText(text: string, ...options: string[]): Promise<Run> {
  return run(["simulate", "web.yaml", ...options], { files: { "web.yaml": text } });
}

function terminalOf(
  {
    calledAs = "sluice",
    files = {},
    standardInput = "",
    screen,
    hasColour = false,
    isDumb = false,
    stopsAfter = Infinity,
    environment = {},
    onOutput,
    onRead,
    stopping,
    serviceAccountFolder = "/none",
    clock = hastyClock(),
  }: Machine,
  { out, err }: { out: string[]; err: string[] },
): Terminal {
  const encoder = new TextEncoder();
  let stop = () => {};
  return {
    calledAs,
    build: { platform: "linux/x86_64", runtime: "deno 2.9.6" },
    out: (text) => {
      onOutput?.(text);
      if (out.push(text) === stopsAfter) stop();
    },
    err: (text) => err.push(text),
    isInteractive: screen !== undefined,
    size: () =>
      typeof screen === "function" ? screen() : screen ?? { columns: undefined, rows: undefined },
    hasColour,
    canRedraw: screen !== undefined && !isDumb,
    resolve: (path) => path.startsWith("/") ? path : `/home/user/${path}`,
    readFile: (path) => {
      onRead?.(path);
      const content = files[path];
      if (content === undefined) {
        const isFolder = entriesOf(files, path).length > 0;
        const { IsADirectory, NotFound } = Deno.errors;
        return Promise.reject(isFolder ? new IsADirectory(path) : new NotFound(path));
      }
      return Promise.resolve(typeof content === "string" ? encoder.encode(content) : content);
    },
    readFolder: (path) => Promise.resolve(entriesOf(files, path)),
    plugins: () => Promise.resolve(plugins),
    readStandardInput: () => Promise.resolve(encoder.encode(standardInput)),
    environment: (name) => environment[name],
    clock,
    serviceAccountFolder,
    random: seededRandom(1),
    onStrayError: () => () => {},
    onStop: (callback) => {
      stop = callback;
      stopping?.then(callback);
      return () => {};
    },
  };
}

function entriesOf(files: Readonly<Record<string, unknown>>, folder: string): FolderEntry[] {
  const prefix = folder === "." ? "" : `${folder.replace(/\/$/, "")}/`;
  const inside = Object.keys(files).filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length).split("/"));
  const names = new Map(inside.map(([name = "", ...rest]) => [name, rest.length > 0]));
  return [...names].map(([name, isFolder]) => ({ name, isFolder }));
}

/** A clock on which nobody waits: every timer fires at once, and time goes on by it. */
function hastyClock(): Clock {
  const clock = new VirtualClock(0);
  const after = clock.after.bind(clock);
  clock.after = (delayMs, callback) => {
    const cancel = after(delayMs, callback);
    queueMicrotask(() => {
      clock.advanceTo(clock.now() + delayMs);
      clock.runDue();
    });
    return cancel;
  };
  return clock;
}
