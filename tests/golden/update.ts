/** Rewrites the timelines of all stories; the diff is what there is to review. */
import { play, storyNames, timelineFile } from "./story.ts";

for (const name of storyNames()) {
  await Deno.writeTextFile(timelineFile(name), await play(name));
}
