import assert from "node:assert/strict";
import { play, storyNames, timelineFile } from "./story.ts";

Deno.test("there are stories", () => {
  assert.ok(storyNames().length >= 8);
});

for (const name of storyNames()) {
  Deno.test(`golden ${name} is still true (if the change is wanted: deno task golden:update)`, async () => {
    assert.equal(await play(name), await Deno.readTextFile(timelineFile(name)));
  });
}
