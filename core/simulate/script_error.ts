/** A script, command or time that means nothing, said in one sentence. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
}
