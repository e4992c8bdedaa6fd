/** The files that `lint` is to look at: those named, and those in the folders named. */
import type { LintSource, Reading } from "../lint/mod.ts";
import { unreadableText } from "./files.ts";
import type { Terminal } from "./terminal.ts";

/** What gathering needs of the terminal. */
export type FolderSource = Pick<
  Terminal,
  "err" | "readFile" | "readFolder" | "readStandardInput" | "resolve"
>;

/** What was gathered. */
export interface GatheredFiles {
  readonly sources: readonly LintSource[];
  /** One sentence for each file that cannot be read. */
  readonly refusals: readonly string[];
}

/** Reads every file once, in the order in which they are named; folders in the order of names. */
export async function gatherFiles(
  terminal: FolderSource,
  paths: readonly string[],
): Promise<GatheredFiles> {
  const gathering = new Gathering(terminal);
  for (const path of paths) await gathering.add(path);
  return gathering;
}

/** Tells which files of a folder are no manifests by themselves. */
export function tellSkipped(
  { err }: Pick<Terminal, "err">,
  { passedOver, patches }: Pick<Reading, "passedOver" | "patches">,
): void {
  for (const file of passedOver) err(`note: ${file} is skipped: it has no Kubernetes object\n`);
  for (const { file, recipe } of patches) {
    err(`note: ${file} is skipped: it is a patch of ${recipe}\n`);
  }
}

const MANIFEST_NAME = /\.(ya?ml|json)$/i;
/** What a chart needs besides its templates; none of it is a manifest. */
const CHART_FILE = "Chart.yaml";

class Gathering implements GatheredFiles {
  readonly sources: LintSource[] = [];
  readonly refusals: string[] = [];
  readonly #terminal: FolderSource;
  readonly #seen = new Set<string>();

  constructor(terminal: FolderSource) {
    this.#terminal = terminal;
  }

  async add(path: string): Promise<void> {
    if (path === "-") return await this.#addStandardInput();
    try {
      await this.#addFile(path, { isNamed: true });
    } catch (error) {
      if (error instanceof Error && error.name === "IsADirectory") {
        return await this.#addFolder(withoutSlash(path));
      }
      this.refusals.push(unreadableText(path, error));
    }
  }

  async #addStandardInput(): Promise<void> {
    if (!this.#isNew("-")) return;
    try {
      const bytes = await this.#terminal.readStandardInput();
      this.sources.push({ file: "standard input", bytes, isNamed: true });
    } catch (error) {
      this.refusals.push(unreadableText("-", error));
    }
  }

  async #addFile(path: string, { isNamed }: { isNamed: boolean }): Promise<void> {
    if (!this.#isNew(plainPath(this.#terminal.resolve(path)))) return;
    this.sources.push({ file: path, bytes: await this.#terminal.readFile(path), isNamed });
  }

  async #addFolder(folder: string): Promise<void> {
    const entries = await this.#entriesOf(folder);
    const isChart = entries.some(({ name }) => name === CHART_FILE);
    for (const { name, isFolder } of entries) {
      const path = folder === "." ? name : `${folder}/${name}`;
      const reason = skipReason(name, { isFolder, isChart });
      if (reason !== undefined) {
        if (isFolder) this.#terminal.err(`note: ${path} is skipped: ${reason}\n`);
        continue;
      }
      if (isFolder) await this.#addFolder(path);
      else if (MANIFEST_NAME.test(name)) await this.#addFound(path);
    }
  }

  /** Links to folders look like files until they are read; they are not followed. */
  async #addFound(path: string): Promise<void> {
    try {
      await this.#addFile(path, { isNamed: false });
    } catch (error) {
      if (error instanceof Error && error.name === "IsADirectory") return;
      this.refusals.push(unreadableText(path, error));
    }
  }

  async #entriesOf(folder: string) {
    try {
      const entries = await this.#terminal.readFolder(folder);
      return entries.toSorted((one, other) => one.name < other.name ? -1 : 1);
    } catch (error) {
      this.refusals.push(unreadableText(folder, error));
      return [];
    }
  }

  #isNew(path: string): boolean {
    if (this.#seen.has(path)) return false;
    this.#seen.add(path);
    return true;
  }
}

/** Why something in a folder is passed over; undefined when it is not. */
function skipReason(
  name: string,
  { isFolder, isChart }: { isFolder: boolean; isChart: boolean },
): string | undefined {
  if (name.startsWith(".")) return "it is hidden";
  if (isFolder && name === "node_modules") return "it has installed packages";
  if (!isChart) return undefined;
  if (isFolder && name === "templates") {
    return "these are Helm templates; use the output of helm template";
  }
  return !isFolder && name === CHART_FILE ? "it is not a manifest" : undefined;
}

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** A path without `.` and `..`, so that one file has one name. */
function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
