/** Rewrites the timelines of all stories and all findings; the diff is what there is to review. */
import { findingsFile, findingsText, lintedFolders } from "./findings.ts";
import { play, storyNames, timelineFile } from "./story.ts";

for (const name of storyNames()) {
  await Deno.writeTextFile(timelineFile(name), await play(name));
}

for (const name of lintedFolders()) {
  await Deno.writeTextFile(findingsFile(name), await findingsText(name));
}
