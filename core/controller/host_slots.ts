/** How many requests are under way to one host at once. */
import { Slots } from "../cluster/kube/mod.ts";

interface Host {
  readonly slots: Slots;
  /** Requests that have a slot or wait for one. */
  users: number;
}

export class HostSlots {
  readonly #perHost: number;
  /** Hosts in use alone: names of hosts come from users, and may be any number. */
  readonly #hosts = new Map<string, Host>();

  constructor(perHost: number) {
    this.#perHost = perHost;
  }

  /**
   * Resolves when a slot is ours, with the function that gives it back.
   * Rejects with the signal's reason when that is aborted first.
   */
  async take(name: string, signal: AbortSignal | undefined): Promise<() => void> {
    const host = this.#hosts.get(name) ?? { slots: new Slots(this.#perHost), users: 0 };
    this.#hosts.set(name, host);
    host.users++;
    const leave = () => {
      host.users--;
      if (host.users === 0) this.#hosts.delete(name);
    };
    const taken = host.slots.take();
    try {
      const release = await untilAborted(taken, signal);
      return () => {
        release();
        leave();
      };
    } catch (error) {
      // A slot that comes too late goes to the next in line.
      void taken.then((release) => {
        release();
        leave();
      });
      throw error;
    }
  }
}

/** The promise, or the signal's reason, whichever is first. */
async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return await promise;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
