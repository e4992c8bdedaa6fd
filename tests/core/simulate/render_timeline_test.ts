import assert from "node:assert/strict";
import {
  parseTimedCommand,
  renderTimeline,
  simulate,
  timeText,
} from "../../../core/simulate/mod.ts";
import { case02 } from "./case_02_scenario.ts";

const TIMES: [seconds: number, text: string][] = [
  [0, "0s"],
  [1.2, "1.2s"],
  [0.1 + 0.2, "0.3s"],
  [90, "90s"],
  [119.999, "119.999s"],
  [120, "2m0s"],
  [125.5, "2m5.5s"],
  [3600, "1h0m0s"],
  [90_061, "25h1m1s"],
];

for (const [seconds, text] of TIMES) {
  Deno.test(`${seconds} seconds are told as ${text}`, () => {
    assert.equal(timeText(seconds), text);
  });
}

Deno.test("columns stand under their headings, and no line ends in blanks", async () => {
  const lines = renderTimeline(await simulate(case02())).split("\n");
  const end = lines.indexOf("");
  const [heading = "", ...rows] = lines.slice(0, end);
  const whyColumn = heading.indexOf("WHY");
  for (const row of rows.filter((line) => !line.includes(" $ "))) {
    const characters = [...row];
    assert.equal(characters[whyColumn - 1], " ", row);
    assert.notEqual(characters[whyColumn], " ", row);
    assert.equal(row.trimEnd(), row);
  }
});

Deno.test("a command stands before what it caused, also one that shows nothing at once", async () => {
  const timed = ["0s: pod-start 5s", "10s: set image mock-server mock-server=other:2"]
    .map(parseTimedCommand);
  const text = renderTimeline(await simulate(case02({ script: [], timed })));
  const lines = text.split("\n").map((line) => line.trim());
  const [slower = -1, update = -1] = ["0s $ pod-start 5s", "10s $ set image"]
    .map((start) => lines.findIndex((line) => line.startsWith(start)));
  assert.ok(slower > 0 && slower < update);
  assert.match(lines[slower + 1] ?? "", /^1\.2s /);
  assert.match(lines[update + 1] ?? "", /^10s .* waiting for rollout spec update to be observed$/);
});

Deno.test("the tree and a summary end the story", async () => {
  const text = renderTimeline(await simulate(case02()));
  assert.match(text, /^Name: +mock-server$/m);
  assert.match(text, /^✔ Healthy since \d.* simulated; at most \d pods; \d+ writes \(.*\)\.$/m);
  assert.ok(text.endsWith("\nNo safety rule was broken.\n"));
});

Deno.test("a breach is told of in the last lines", async () => {
  const outcome = await simulate(case02());
  const violations = [{ rule: "S6" as const, rollout: "default/web", message: "it was emptied" }];
  const text = renderTimeline({ ...outcome, result: { ...outcome.result, violations } });
  assert.ok(text.endsWith("\nBROKEN S6 default/web: it was emptied\n"));
});
