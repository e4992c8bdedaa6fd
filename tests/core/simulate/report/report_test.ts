import assert from "node:assert/strict";
import {
  MetricData,
  type Outcome,
  parseTimedCommand,
  reportPage,
  shownOutcome,
  simulate,
} from "../../../../core/simulate/mod.ts";
import { coursesOf, sharesOf } from "../../../../core/simulate/report/course.ts";
import { element } from "../../../../core/simulate/report/markup.ts";
import threeVersions from "../../../fixtures/experiments/three_versions.yaml" with { type: "text" };
import { BAD, objectsOf, play, service, shop } from "../shop.ts";

const UPDATE = "10s: set image shop main=registry.example/shop:2";

function pageOf(outcome: Outcome): string {
  return reportPage(shownOutcome(outcome, { isWhole: false }));
}

const courseOf = (outcome: Outcome) => coursesOf(shownOutcome(outcome, { isWhole: false }))[0];

Deno.test("a page loads nothing and runs nothing", async () => {
  const page = pageOf(await play(shop(), [UPDATE, "20s: abort shop"]));
  assert.ok(page.startsWith("<!doctype html>\n<html"));
  assert.doesNotMatch(
    page,
    /<script|<link|<img|<iframe|<object|\son\w+=|url\(|@import|javascript:/i,
  );
  const addresses = [...page.matchAll(/https?:\/\/[^\s"'<]+/g)].map(([address]) => address);
  assert.deepEqual([...new Set(addresses)], ["http://www.w3.org/2000/svg"]);
});

Deno.test("what people wrote is text, wherever it stands", async () => {
  const odd = `registry.example/<script>alert(1)</script>"'&amp;:2`;
  const page = pageOf(await play(shop(), [`10s: set image shop main=${odd}`]));
  assert.doesNotMatch(page, /<script/);
  assert.ok(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;amp;:2"));
  assert.equal(element("a", { b: `"<` }, "<\u0000>").text, '<a b="&quot;&lt;">&lt;\ufffd&gt;</a>');
});

Deno.test("the same outcome gives the same page", async () => {
  assert.equal(pageOf(await play(shop(), [UPDATE])), pageOf(await play(shop(), [UPDATE])));
});

Deno.test("what happened is told in its order: commands, pauses, causes, aborts", async () => {
  const course = courseOf(
    await play(shop(), [UPDATE, "20s: abort shop", `30s: set image shop main=${BAD}`], {
      untilMs: 60_000,
    }),
  );
  assert.deepEqual(
    course?.happenings.map(({ atSeconds, kind, text }) => `${atSeconds} ${kind}: ${text}`),
    [
      "0 done: Rollout completed update to revision 1 (95c6b6c5): Initial deploy",
      "10 command: set image shop main=registry.example/shop:2",
      "11.2 pause: Paused: CanaryPauseStep",
      "20 command: abort shop",
      "20 abort: Rollout aborted update to revision 2",
      `30 command: set image shop main=${BAD}`,
      `30.4 trouble: revision 3: ImagePullBackOff (Back-off pulling image "${BAD}")`,
    ],
  );
});

Deno.test("shares sum to 100, and are those of who has pods or traffic", async () => {
  const outcome = await play(shop(), [UPDATE, "20s: promote shop"]);
  for (const entry of outcome.timeline) {
    const shares = sharesOf(entry);
    assert.equal(shares.reduce((sum, { amount }) => sum + amount, 0), 100);
  }
  const last = outcome.timeline.findLast(({ phase }) => phase === "Paused");
  assert.deepEqual(last && sharesOf(last), [
    { name: "r2", amount: 50 },
    { name: "r1", amount: 50 },
  ]);
});

Deno.test("spans follow each other without a gap, to the end of the axis", async () => {
  const course = courseOf(await play(shop(), [UPDATE, "20s: promote shop"]));
  const spans = course?.spans ?? [];
  assert.equal(spans[0]?.fromSeconds, 0);
  for (const [index, { toSeconds, fromSeconds }] of spans.entries()) {
    assert.ok(fromSeconds < toSeconds);
    assert.equal(toSeconds, spans[index + 1]?.fromSeconds ?? course?.endSeconds);
  }
});

Deno.test("what took a while is a band: from its first sign until it is over", async () => {
  const steps = "canary: {steps: [{setWeight: 50}, {plugin: {name: org/check}}]}";
  const outcome = await simulate({
    objects: objectsOf(shop(steps)),
    script: [],
    timed: [parseTimedCommand(UPDATE)],
    files: new Map(),
    untilMs: 3_600_000,
    seed: 1,
  }, {
    metricData: new MetricData([], new Map(), [{
      plugin: "org/check",
      entries: [
        { atMs: 0, finding: { is: "phase", phase: "Running", message: "" } },
        { atMs: 60_000, finding: { is: "phase", phase: "Successful", message: "" } },
      ],
    }]),
  });
  assert.deepEqual(courseOf(outcome)?.bands, [{
    kind: "plugin",
    text: "step 2: org/check: Successful",
    fromSeconds: 11.2,
    toSeconds: 65,
    isBad: false,
  }]);
});

Deno.test("when users had too little is a band of its own", async () => {
  const strategy = "canary: {stableService: shop, canaryService: other}";
  const outcome = await play(shop(strategy, { replicas: 1 }) + service("shop") + service("other"), [
    "10s: delete-pod shop/oldest",
  ]);
  const lacks = courseOf(outcome)?.bands.filter(({ kind }) => kind === "lack") ?? [];
  assert.deepEqual(lacks.map(({ text, fromSeconds }) => `${fromSeconds} ${text}`), [
    "10 fewer available pods than the required 1",
    "10 Service shop without a ready pod",
  ]);
});

Deno.test("a page of Experiments alone has their table", async () => {
  const page = pageOf(await play(threeVersions));
  assert.match(page, /<h2>Experiments<\/h2>/);
  assert.match(page, /Running/);
});

Deno.test("a page of nothing is a page all the same", async () => {
  const page = pageOf(await play(service("shop")));
  assert.match(page, /nothing is left/);
});
