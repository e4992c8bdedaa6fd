import type { Clock } from "../../ports/clock.ts";

/** What to load, and how long an answer is good for. */
export interface Source<Value> {
  readonly clock: Clock;
  readonly maxAgeMs: number;
  /** Whether the last value stays in use when a later load fails. */
  readonly keepsOnFailure: boolean;
  load(): Promise<Value>;
}

/** Gives what was loaded last. */
export interface Remembered<Value> {
  (): Promise<Value>;
  /** What was loaded last is too old from now on. */
  outdate(): void;
}

/**
 * A function that gives what was loaded last, and loads again when that is too old. Callers at the
 * same time share one load.
 */
export function remembered<Value>(source: Source<Value>): Remembered<Value> {
  let last: { readonly value: Value; readonly loadedAt: number } | undefined;
  let loading: Promise<Value> | undefined;
  async function load(): Promise<Value> {
    try {
      const value = await source.load();
      last = { value, loadedAt: source.clock.monotonic() };
      return value;
    } catch (error) {
      if (last === undefined || !source.keepsOnFailure) throw error;
      return last.value;
    }
  }
  function get(): Promise<Value> {
    const age = last === undefined ? Infinity : source.clock.monotonic() - last.loadedAt;
    if (last !== undefined && age < source.maxAgeMs) return Promise.resolve(last.value);
    loading ??= load().finally(() => {
      loading = undefined;
    });
    return loading;
  }
  function outdate(): void {
    if (last !== undefined) last = { ...last, loadedAt: -Infinity };
  }
  return Object.assign(get, { outdate });
}
