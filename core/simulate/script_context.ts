/** What the commands of a script need to be carried out. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import type { CommandContext } from "../command/mod.ts";
import type { Place } from "./address.ts";

export interface ScriptContext extends CommandContext {
  /** The world itself, beside the user's way to it. */
  readonly embedded: EmbeddedCluster;
  readonly place: Place;
  /** The type of a kind as people write it: `svc`, `virtualservice`. @throws {CommandRefused} */
  typeOf(kind: string): ResourceType;
  /** Applies the objects of a file; gives what became of each. @throws {ObjectRefused} */
  applyFile(file: string): Promise<string[]>;
}
