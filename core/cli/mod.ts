/**
 * The command line: one file for each verb, `program.ts` puts them together. What the process
 * offers (streams, files, clock) is handed in as a `Terminal`; nothing here touches Deno itself.
 *
 * @module
 */
export { runProgram } from "./program.ts";
export type { CalledAs, FolderEntry, Terminal, TerminalSize } from "./terminal.ts";
export { VERSION } from "./version.ts";
