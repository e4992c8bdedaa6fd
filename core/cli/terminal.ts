/** What a command may use of the process that it runs in; handed in by main.ts. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";

/** Something in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Not a link to one: following those could go on forever. */
  readonly isFolder: boolean;
}

/** Both are undefined when the output is not a terminal, or one that does not know its size. */
export interface TerminalSize {
  readonly columns: number | undefined;
  readonly rows: number | undefined;
}

/** The name under which the program is used. */
export type CalledAs = "sluice" | "kubectl argo rollouts" | "kubectl sluice";

export interface Terminal {
  /** What users write before a verb. */
  readonly calledAs: CalledAs;
  /** What the program runs on: `linux/x86_64`, `deno 2.9.6`. */
  readonly build: { readonly platform: string; readonly runtime: string };
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** True when standard output is a terminal that a person looks at. */
  readonly isInteractive: boolean;
  /** Present size: a terminal can be resized at any time. */
  size(): TerminalSize;
  readonly hasColour: boolean;
  /** True when the terminal can show another screen and draw at any place of it. */
  readonly canRedraw: boolean;
  /** A path as the user means it: relative to where the user stands. */
  resolve(path: string): string;
  /** @throws {Deno.errors.NotFound} and other errors of the file system. */
  readFile(path: string): Promise<Uint8Array>;
  /** What a folder holds, in no order. @throws as `readFile` does */
  readFolder(path: string): Promise<FolderEntry[]>;
  readStandardInput(): Promise<Uint8Array>;
  environment(name: string): string | undefined;
  /** Where a pod finds the files of its service account. */
  readonly serviceAccountFolder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Calls back when the user asks to stop (Ctrl-C, SIGTERM); gives the way to unsubscribe. */
  onStop(callback: () => void): () => void;
  /**
   * Calls back with every error that nobody waits for; without anybody who asks for them, one ends
   * the process. Gives the way to unsubscribe.
   */
  onStrayError(callback: (error: unknown) => void): () => void;
  /** The plugins of the program, loaded when they are asked for. */
  plugins(): Promise<PluginRegistry>;
}
