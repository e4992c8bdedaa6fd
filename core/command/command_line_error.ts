/** Words that are no command, said in one sentence for the person who wrote them. */
export class CommandLineError extends Error {
  override readonly name = "CommandLineError";
}
