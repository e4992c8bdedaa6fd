import assert from "node:assert/strict";
import { rootDirectory, sourceFiles, testFiles } from "./source_files.ts";
import { join } from "./paths.ts";

const LINES_MAX = 450;
const COLUMNS_MAX = 100;
const FUNCTION_LINES_MAX = 60;

function report(find: (path: string, line: string, number: number) => string | undefined) {
  return sourceFiles().flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => find(path, line, index + 1) ?? [])
  );
}

Deno.test("no file is longer than 450 lines, no line than 100 columns", () => {
  const long = [...sourceFiles(), ...testFiles()]
    .filter(({ text }) => text.split("\n").length > LINES_MAX)
    .map(({ path }) => path);
  assert.deepEqual(long, []);
  assert.deepEqual(
    report((path, line, number) =>
      [...line].length > COLUMNS_MAX ? `${path}:${number}` : undefined
    ),
    [],
  );
});

Deno.test("no function is longer than 60 lines", () => {
  const long: string[] = [];
  for (const { path, text } of sourceFiles()) {
    const lines = text.split("\n");
    for (const index of lines.keys()) {
      const end = endOfFunction(lines, index);
      if (end - index >= FUNCTION_LINES_MAX) long.push(`${path}:${index + 1}`);
    }
  }
  assert.deepEqual(long, []);
});

const NO_FUNCTION = /^\s*(?:if|for|while|switch|catch|return|\}|\/\/|\*)/;
/** One line up to the brace of a body, or the first of a list of parameters. */
const START =
  /(?:=> \{|^\s*(?:export )?(?:default )?(?:async )?function\b.*|^\s*[\w# ]+\(.*\).*\{|^\s*[\w# ]+\()$/;

/**
 * The last line of the function that begins here; this one, where none does. The formatter puts a
 * body's closing brace in the column where its declaration began.
 */
function endOfFunction(lines: readonly string[], index: number): number {
  const line = lines[index] ?? "";
  if (NO_FUNCTION.test(line) || !START.test(line)) return index;
  const indent = line.length - line.trimStart().length;
  for (let at = index + 1; at < lines.length; at++) {
    const other = lines[at] ?? "";
    if (other.length - other.trimStart().length !== indent || other === "") continue;
    // The parameters end here; a call has no body.
    if (other[indent] === ")") {
      if (!other.endsWith("{")) return index;
    } else return at;
  }
  return index;
}

Deno.test("clock, timers, chance and the process are used only where they are handed out", () => {
  const allowed = /^(main\.ts|core\/cluster\/system\/|core\/cluster\/kube\/)/;
  const pattern =
    /\b(Date\.now\(|new Date\(\)|setTimeout\(|setInterval\(|Math\.random\(|performance\.now\(|Deno\.)/;
  const wrong = report((path, line, number) => {
    const isComment = /^\s*(\*|\/\/|\/\*)/.test(line);
    const isError = /Deno\.errors/.test(line);
    return !allowed.test(path) && !isComment && !isError && pattern.test(line)
      ? `${path}:${number}: ${line.trim()}`
      : undefined;
  });
  assert.deepEqual(wrong, []);
});

Deno.test("no unfinished words, no attic, no machine's paths", () => {
  const words = /\b(TODO|FIXME|XXX|HACK)\b|\bjsr:/;
  assert.deepEqual(
    report((path, line, number) => words.test(line) ? `${path}:${number}` : undefined),
    [],
  );
  const attic = [...sourceFiles(), ...testFiles()]
    .filter(({ path }) => /(^|\/)(utils?|helpers?|types)(\/|\.ts$)/.test(path))
    .map(({ path }) => path);
  assert.deepEqual(attic, []);
});

Deno.test("file names are snake_case", () => {
  const wrong = [...sourceFiles(), ...testFiles()]
    .filter(({ path }) => !/^(\.?[a-z0-9_]+\/)*[a-z0-9_]+(\.d)?\.ts$/.test(path))
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

Deno.test("every quirk that is kept on purpose has a test that names it", () => {
  const tests = testFiles().map(({ text }) => text).join("\n");
  const untested = report((_path, line) => {
    const name = /Quirk\(([\w-]+)\)/.exec(line)?.[1];
    return name !== undefined && !tests.includes(name) ? name : undefined;
  });
  assert.deepEqual(untested, []);
});

Deno.test("every room's door says what lives there", () => {
  const doors = sourceFiles().filter(({ path }) => path.endsWith("/mod.ts"));
  assert.ok(doors.length > 5);
  const silent = doors.filter(({ text }) => !text.includes("@module")).map(({ path }) => path);
  assert.deepEqual(silent, []);
});

Deno.test("docs/architecture.md has at most 200 lines", () => {
  const text = Deno.readTextFileSync(join(rootDirectory, "docs/architecture.md"));
  assert.ok(text.split("\n").length <= 200);
});
