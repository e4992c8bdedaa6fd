/** Bad input: one clear sentence, the verb's exit code for it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
