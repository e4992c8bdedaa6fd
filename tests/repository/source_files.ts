/** The repository's own source files, for tests that look at the code itself. */
import { dirname, fromFileUrl, join, relative } from "./paths.ts";

export const rootDirectory = dirname(dirname(dirname(fromFileUrl(import.meta.url))));

export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

const ROOTS = ["sdk", "core", "plugins", "main.ts"];

/** TypeScript files of the product. */
export function sourceFiles(): SourceFile[] {
  return ROOTS.flatMap((root) => [...walk(join(rootDirectory, root))]);
}

/** TypeScript files of the tests, and of what makes releases. */
export function testFiles(): SourceFile[] {
  return ["tests", "build"].flatMap((root) => [...walk(join(rootDirectory, root))]);
}

function* walk(path: string): Generator<SourceFile> {
  const info = statOrUndefined(path);
  if (info === undefined) return;
  if (info.isDirectory) {
    for (const entry of Deno.readDirSync(path)) yield* walk(join(path, entry.name));
  } else if (path.endsWith(".ts")) {
    yield { path: relative(rootDirectory, path), text: Deno.readTextFileSync(path) };
  }
}

function statOrUndefined(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** The specifiers that a file imports or re-exports, statically or lazily. */
export function importsOf(text: string): string[] {
  const pattern = /(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}
