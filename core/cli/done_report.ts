/** What a verb did to a cluster: a sentence for each object, or one document for programs. */
import { dataText, type OutputFormat } from "./output.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** One thing that was done. */
export interface Done {
  /** As `kubectl -o name` has it: `rollout.argoproj.io/web`. */
  readonly object: string;
  readonly namespace: string;
  readonly message: string;
}

/** Does things one by one and tells each as it is done, also when a later one fails. */
export async function reportDone(
  terminal: Terminal,
  { command, output }: { readonly command: string; readonly output: OutputFormat },
  doAll: (tell: (done: Done) => void) => Promise<void>,
): Promise<void> {
  const done: Done[] = [];
  let failure: unknown;
  try {
    await doAll((one) => {
      done.push(one);
      if (output === "text") terminal.out(`${one.message}\n`);
      if (output === "name") terminal.out(`${one.object}\n`);
    });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    failure = error;
  }
  if (output === "json" || output === "yaml") {
    terminal.out(await dataText({ command, done }, output));
  }
  if (failure !== undefined) throw failure;
}
