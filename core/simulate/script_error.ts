/** A script, command or time that means nothing, said in one sentence. */
import { CommandLineError } from "../command/mod.ts";

export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** Where in a script, as a path into its list; absent outside of scripts. */
  readonly path: readonly (string | number)[] | undefined;

  constructor(message: string, path?: readonly (string | number)[]) {
    super(message);
    this.path = path;
  }
}

/** Reads something of which the words of a command are a part. @throws {ScriptError} */
export function asScriptError<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandLineError) throw new ScriptError(error.message);
    throw error;
  }
}
