/** What the commands of a script need to be carried out. */
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import type { CommandContext } from "../command/mod.ts";
import type { Place } from "./address.ts";

export interface ScriptContext extends CommandContext {
  /** The world itself, beside the user's way to it. */
  readonly embedded: EmbeddedCluster;
  readonly place: Place;
  /** Applies the objects of a file; gives what became of each. @throws {ObjectRefused} */
  applyFile(file: string): Promise<string[]>;
}
