/** What is registered with the engine by name: it acts or answers for controllers that know it. */
import type { Write } from "../../sdk/wire/write.ts";
import type { Answerer } from "./inquiry.ts";

/** Turns the intent of a router into writes: `[]` when it is true already. */
export interface RoutePlanner {
  readonly deadlineMs: number;
  /** Given the same intent and the same sight, the same writes. All values can be cloned. */
  plan(intent: unknown, seen: unknown, signal: AbortSignal): Promise<readonly Write[]>;
}

/** All that is registered; a value, made where the program is put together. */
export interface Registry {
  /** By the kind of question; "list" and "get" of objects need nobody. */
  readonly answerers?: ReadonlyMap<string, Answerer>;
  readonly planners?: ReadonlyMap<string, RoutePlanner>;
}
