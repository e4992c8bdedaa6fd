/** A script, command or time that means nothing, said in one sentence. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** Where in a script, as a path into its list; absent outside of scripts. */
  readonly path: readonly (string | number)[] | undefined;

  constructor(message: string, path?: readonly (string | number)[]) {
    super(message);
    this.path = path;
  }
}
