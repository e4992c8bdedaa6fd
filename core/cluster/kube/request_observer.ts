import type { UnreachableError } from "../../ports/api_error.ts";
import type { Call } from "./call.ts";

/** Is told of every request that is sent: for probes and metrics. No method may throw. */
export interface RequestObserver {
  /** A request was held back by our own limits for that long, or not at all (0). */
  admitted?(call: Call, waitedMs: number): void;
  /** The head of an answer has come, whatever it says. */
  answered(call: Call, answer: { readonly status: number; readonly tookMs: number }): void;
  /** We lack the right to do this. */
  notPermitted?(call: Call, message: string): void;
  /** The server does not answer, or stopped in the middle (`isAnswered`). */
  failed(
    call: Call,
    failure: {
      readonly error: UnreachableError;
      readonly tookMs: number;
      readonly isAnswered: boolean;
    },
  ): void;
}
