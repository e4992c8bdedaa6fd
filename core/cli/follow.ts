/** Following a cluster on a terminal: what is shown, how often, and when it ends. */
import type { Cancel } from "../ports/mod.ts";
import type { Session } from "./cluster_session.ts";
import { ObjectFeed, type Source } from "./screen_objects.ts";
import type { Terminal } from "./terminal.ts";

/** The exit code after Ctrl-C, as a shell has it. */
export const INTERRUPTED = 130;

/** How something is followed. */
export interface Following {
  readonly sources: readonly Source[];
  /** Not shown more often than this. */
  readonly everyMs: number;
  /** Shown this often also when nothing changed: ages, another size of the terminal. */
  readonly idleMs?: number;
  /** 0: without end. */
  readonly timeoutMs: number;
  /** Shows what there is; a number is an exit code, and ends it. */
  show(feed: ObjectFeed): number | undefined;
  /** Gives the exit code when the time is up. */
  onTimeout(): number;
  /** Gets what goes wrong on the way. */
  tell(text: string): void;
}

/** Shows what changes until there is an end; gives the exit code. */
export function follow(
  terminal: Terminal,
  session: Session,
  following: Following,
): Promise<number> {
  const { clock } = terminal;
  const { sources, everyMs, idleMs, timeoutMs, show, onTimeout, tell } = following;
  return new Promise<number>((resolve, reject) => {
    let isEnded = false;
    let cancel: Cancel = () => {};
    let dueMs = Infinity;
    let shownMs = -Infinity;
    const feed = new ObjectFeed(session, sources, { clock, onChange, tell });
    const cancelTimeout = timeoutMs === 0
      ? () => {}
      : clock.after(timeoutMs, () => attempt(onTimeout));
    const unsubscribe = terminal.onStop(() => attempt(() => INTERRUPTED));
    feed.start();

    function onChange(): void {
      if (!isEnded && feed.isFilled) showAt(Math.max(clock.monotonic(), shownMs + everyMs));
    }

    function showAt(atMs: number): void {
      if (atMs >= dueMs) return;
      cancel();
      dueMs = atMs;
      cancel = clock.after(Math.max(0, atMs - clock.monotonic()), () => {
        dueMs = Infinity;
        shownMs = clock.monotonic();
        attempt(() => show(feed));
        if (!isEnded && idleMs !== undefined) showAt(shownMs + idleMs);
      });
    }

    function attempt(what: () => number | undefined): void {
      if (isEnded) return;
      try {
        const code = what();
        if (code === undefined) return;
        end();
        resolve(code);
      } catch (error) {
        end();
        reject(error);
      }
    }

    function end(): void {
      isEnded = true;
      cancel();
      cancelTimeout();
      unsubscribe();
      feed.stop();
    }
  });
}
