/** Rewrites what came of stories, tables and findings; the diff is what there is to review. */
import { EXPLANATIONS, explanationsText } from "./explanations.ts";
import { findingsFile, findingsText, lintedFolders } from "./findings.ts";
import { play, storyNames, timelineFile } from "./story.ts";
import { playRow, readTable, tableFile, tableNames, tableText } from "./table.ts";

for (const name of storyNames()) {
  await Deno.writeTextFile(timelineFile(name), await play(name));
}

for (const name of lintedFolders()) {
  await Deno.writeTextFile(findingsFile(name), await findingsText(name));
}

for (const name of tableNames()) {
  const table = readTable(name, await Deno.readTextFile(tableFile(name)));
  const outputs: string[] = [];
  for (const row of table.rows) outputs.push(await playRow(table, row));
  await Deno.writeTextFile(tableFile(name), tableText(table, outputs));
}

await Deno.writeTextFile(EXPLANATIONS, await explanationsText());
