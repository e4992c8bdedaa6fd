/** A command that cannot be carried out, said in one sentence for the person who gave it. */
export class CommandRefused extends Error {
  override readonly name = "CommandRefused";
}
