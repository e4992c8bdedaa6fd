/** What lint finds in the manifests of the acceptance cases, file by file. */
import { findingText, judge, readSources, summaryText } from "../../core/lint/mod.ts";
import { plugins } from "../../plugins/mod.ts";

const CASES = new URL("../fixtures/seeds/", import.meta.url);

/** The folders of all cases, sorted. */
export function lintedFolders(): string[] {
  return [...Deno.readDirSync(CASES)].map(({ name }) => name).sort();
}

/** Where the findings of a case are kept. */
export function findingsFile(name: string): URL {
  return new URL(`findings/${name}.txt`, import.meta.url);
}

/** The findings of each file of a case, looked at by itself. */
export async function findingsText(name: string): Promise<string> {
  const folder = new URL(`${name}/`, CASES);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((file) => file.endsWith(".yaml")).sort();
  const texts = files.map(async (file) => {
    const text = await Deno.readTextFile(new URL(file, folder));
    // Each as if it were found in a folder: a tool's configuration is passed over.
    const isNamed = name === "90-section1-examples";
    const reading = readSources([{ file, text, isNamed }]);
    const findings = judge(reading, plugins);
    const count = 1 - reading.passedOver.length;
    const lines = findings.map((finding) => `${findingText(finding)}\n`);
    return `# ${file}\n${lines.join("")}# ${summaryText(findings, count)}\n`;
  });
  return (await Promise.all(texts)).join("\n");
}
