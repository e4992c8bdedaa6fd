/** Child processes that are started, watched and ended together. */

/** Gives the program a log file without this process having to carry its output there. */
const START_WITH_LOG = 'log=$1; shift; exec "$@" >>"$log" 2>&1';

/**
 * Reads pids from a pipe that only this process holds open. However this process ends (even killed),
 * the pipe closes, and the watchdog ends the processes and removes their folder. It outlives Ctrl-C,
 * which a terminal sends to it as well.
 */
const WATCHDOG = `
trap '' HUP INT TERM
while read -r pid; do pids="$pids $pid"; done
[ -z "$pids" ] || kill -KILL $pids
[ -z "$1" ] || { sleep 1; rm -rf "$1"; }
`;

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
}

export interface ProcessGroupOptions {
  /** Where the log of each process is written, as `<name>.log`. */
  readonly logDirectory: string;
  /** A folder to remove if this process ends without having called stop(). */
  readonly removeWhenOrphaned?: string;
}

export class ProcessGroup {
  readonly #logDirectory: string;
  readonly #watchdog: Deno.ChildProcess;
  readonly #pids: WritableStreamDefaultWriter<Uint8Array>;
  readonly #children = new Map<string, Deno.ChildProcess>();
  readonly #ended = new Map<string, Deno.CommandStatus>();

  constructor(options: ProcessGroupOptions) {
    this.#logDirectory = options.logDirectory;
    this.#watchdog = new Deno.Command("sh", {
      args: ["-c", WATCHDOG, "sh", options.removeWhenOrphaned ?? ""],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#watchdog.unref();
    this.#pids = this.#watchdog.stdin.getWriter();
  }

  async start(name: string, program: string, args: readonly string[]): Promise<void> {
    const child = new Deno.Command("sh", {
      args: ["-c", START_WITH_LOG, "sh", this.logPath(name), program, ...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#children.set(name, child);
    this.#ended.delete(name);
    child.status.then((status) => {
      if (this.#children.get(name) === child) this.#ended.set(name, status);
    });
    // A forgotten stop() must not keep this process from ending: the watchdog does the rest.
    child.unref();
    await this.#pids.write(new TextEncoder().encode(`${child.pid}\n`));
  }

  get running(): RunningProcess[] {
    return [...this.#children]
      .filter(([name]) => !this.#ended.has(name))
      .map(([name, child]) => ({ name, pid: child.pid }));
  }

  /** The first process that has ended, with its exit code, if any has. */
  get ended(): { name: string; code: number } | undefined {
    for (const [name, { code }] of this.#ended) return { name, code };
    return undefined;
  }

  logPath(name: string): string {
    return `${this.#logDirectory}/${name}.log`;
  }

  /**
   * Ends one of them, and waits until it is gone; start() starts it again. With a grace it is asked
   * first, and killed when that is over.
   */
  async end(name: string, graceMs: number): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined) throw new Error(`Cannot end "${name}": it was not started`);
    if (graceMs > 0) {
      child.kill("SIGTERM");
      const late = new Promise((resolve) => setTimeout(resolve, graceMs));
      await Promise.race([child.status, late]);
    }
    await end(child);
  }

  /** Kills all, the last started first, and waits until each is gone. */
  async stop(): Promise<void> {
    const children = [...this.#children.values()].reverse();
    await Promise.all(children.map(end));
    await end(this.#watchdog);
    await this.#pids.abort().catch(ignoreBrokenPipe);
  }
}

async function end(child: Deno.ChildProcess): Promise<void> {
  child.ref();
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has ended by itself already.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  await child.status;
}

function ignoreBrokenPipe(error: unknown): void {
  if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
}
