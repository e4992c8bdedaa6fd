import assert from "node:assert/strict";
import events01 from "../fixtures/seeds/01-bluegreen/events.json" with { type: "json" };
import events02 from "../fixtures/seeds/02-canary-success/events.json" with { type: "json" };
import events03 from "../fixtures/seeds/03-canary-undo-abort/events.json" with { type: "json" };
import { compareEvents, type NamedDifference, normaliseEvents, type SeenEvent } from "./compare.ts";

function event(reason: string, message: string, more: Partial<SeenEvent> = {}): SeenEvent {
  return { type: "Normal", object: "rollout/web", reason, message, ...more };
}

function scaled(way: "up" | "down", hash: string, from: number, to: number): SeenEvent {
  const sizes = `from ${from} to ${to}`;
  return event("ScalingReplicaSet", `Scaled ${way} ReplicaSet web-${hash} (revision 1) ${sizes}`);
}

const OLD = "5bd695c454";
const NEW = "77f87799cf";
const UPDATED = event("RolloutUpdated", "Rollout updated to revision 2");
const COMPLETED = event(
  "RolloutCompleted",
  `Rollout completed update to revision 2 (${NEW}): done`,
);
const SWITCHED = event(
  "SwitchService",
  `Switched selector for service 'web' from '${OLD}' to '${NEW}'`,
);
const RUN = [UPDATED, scaled("down", OLD, 5, 4), scaled("up", NEW, 0, 1), COMPLETED, SWITCHED];

const ALIKE: [name: string, expected: SeenEvent[], actual: SeenEvent[]][] = [
  ["the same events", RUN, RUN],
  ["other seconds", RUN, RUN.map((item, time) => ({ ...item, time }))],
  [
    "other hashes",
    RUN,
    RUN.map((item) => ({
      ...item,
      message: item.message.replaceAll(OLD, "zzzzzzzz").replaceAll(NEW, "c594d5fbd"),
    })),
  ],
  [
    "a scaling in two bursts",
    [UPDATED, scaled("down", OLD, 5, 0), scaled("up", NEW, 0, 5), COMPLETED],
    [
      UPDATED,
      scaled("down", OLD, 5, 3),
      scaled("up", NEW, 0, 2),
      scaled("down", OLD, 3, 0),
      scaled("up", NEW, 2, 5),
      COMPLETED,
    ],
  ],
  ["a repetition that follows directly", RUN, [UPDATED, ...RUN, SWITCHED]],
  [
    "a prologue",
    RUN,
    [
      event("InvalidSpec", "no Service", { type: "Warning" }),
      event("RolloutAddedToInformer", ""),
      ...RUN,
    ],
  ],
  ["nothing", [], []],
];

for (const [name, expected, actual] of ALIKE) {
  Deno.test(`compareEvents() is content with ${name}`, () => {
    assert.deepEqual(compareEvents(expected, actual), []);
    assert.deepEqual(compareEvents(actual, expected), []);
  });
}

Deno.test("compareEvents() is content with sets scaled in another order", () => {
  const start = event(
    "SwitchService",
    `Switched selector for service 'web' from '${OLD}' to '${NEW}'`,
  );
  const down = scaled("down", OLD, 5, 4);
  const up = scaled("up", NEW, 0, 1);
  assert.deepEqual(compareEvents([start, down, up], [start, up, down]), []);
});

const DEVIATIONS: [name: string, actual: SeenEvent[], difference: RegExp][] = [
  ["a missing event", RUN.slice(0, -1), /^- .*SwitchService: /],
  [
    "an extra event",
    [...RUN, event("RolloutPaused", "Rollout is paused")],
    /^\+ .*RolloutPaused: /,
  ],
  ["another type", RUN.with(0, { ...UPDATED, type: "Warning" }), /^\+ 1: Warning /],
  ["another object", RUN.with(0, { ...UPDATED, object: "rollout/api" }), /^\+ 1: .*rollout\/api/],
  ["another reason", RUN.with(0, { ...UPDATED, reason: "Updated" }), /^\+ 1: .* Updated: /],
  [
    "another message",
    RUN.with(0, event("RolloutUpdated", "Rollout updated to revision 3")),
    /revision 3$/,
  ],
  ["another order", [...RUN.slice(0, 3), SWITCHED, COMPLETED], /^\+ 5: .*RolloutCompleted: /],
  ["another size at the end", RUN.with(1, scaled("down", OLD, 5, 3)), /^\+ .* from 5 to 3$/],
  ["another size at the start", RUN.with(2, scaled("up", NEW, 1, 1)), /^\+ .* from 1 to 1$/],
  [
    "the other direction",
    RUN.with(2, scaled("down", NEW, 0, 1)),
    /^\+ .*Scaled down ReplicaSet web-H2/,
  ],
  [
    "a scaling that happens between other reasons",
    [UPDATED, scaled("down", OLD, 5, 4), COMPLETED, scaled("up", NEW, 0, 1), SWITCHED],
    /^\+ .*Scaled up/,
  ],
  [
    "one scaling split by an event of another reason",
    [
      UPDATED,
      scaled("down", OLD, 5, 4),
      scaled("up", NEW, 0, 1),
      COMPLETED,
      scaled("up", NEW, 0, 1),
      SWITCHED,
    ],
    /^\+ 5: .*Scaled up/,
  ],
  [
    "hashes mixed up",
    RUN.with(
      4,
      event("SwitchService", `Switched selector for service 'web' from '${NEW}' to '${OLD}'`),
    ),
    /^\+ .*from 'H2' to 'H1'/,
  ],
  ["a repetition with something between", [...RUN, UPDATED], /^\+ 6: .*RolloutUpdated/],
  [
    "an invalid spec after the prologue",
    [...RUN, event("InvalidSpec", "bad")],
    /^\+ .*InvalidSpec/,
  ],
  ["silence", [], /^reason never seen: RolloutUpdated$/],
];

for (const [name, actual, difference] of DEVIATIONS) {
  Deno.test(`compareEvents() tells ${name}`, () => {
    const differences = compareEvents(RUN, actual);
    assert.ok(differences.some((line) => difference.test(line)), differences.join("\n"));
  });
}

const SERVICE_FIRST: NamedDifference = {
  why: "S6: first the Service, then the last pods",
  expected: [
    "Normal rollout/web ScalingReplicaSet: Scaled down ReplicaSet web-H1 (revision 1) from 1 to 0",
    "Normal rollout/web SwitchService: Switched selector for service 'web' from 'H1' to 'H2'",
  ],
  actual: [
    "Normal rollout/web SwitchService: Switched selector for service 'web' from 'H1' to 'H2'",
    "Normal rollout/web ScalingReplicaSet: Scaled down ReplicaSet web-H1 (revision 1) from 1 to 0",
  ],
};
const THEIRS = [SWITCHED, COMPLETED, scaled("down", OLD, 1, 0), SWITCHED];
const OURS = [SWITCHED, COMPLETED, SWITCHED, scaled("down", OLD, 1, 0)];

Deno.test("compareEvents() accepts a named difference where it is, and only there", () => {
  assert.notDeepEqual(compareEvents(THEIRS, OURS), []);
  assert.deepEqual(compareEvents(THEIRS, OURS, [SERVICE_FIRST]), []);
  assert.notDeepEqual(compareEvents(THEIRS, THEIRS, [SERVICE_FIRST]), []);
});

Deno.test("compareEvents() refuses a named difference that does not apply", () => {
  assert.match(compareEvents(RUN, RUN, [SERVICE_FIRST]).join(), /not in the expected events/);
});

Deno.test("compareEvents() refuses a named difference that applies twice", () => {
  const twice = { why: "S6", expected: SERVICE_FIRST.actual.slice(0, 1), actual: [] };
  assert.match(compareEvents(THEIRS, THEIRS, [twice]).join(), /exactly once/);
});

Deno.test("compareEvents() refuses a named difference without a rule or a saved write", () => {
  const unfounded = { ...SERVICE_FIRST, why: "we like it better" };
  assert.match(compareEvents(THEIRS, OURS, [unfounded]).join(), /neither a safety rule nor/);
  const saving = { ...SERVICE_FIRST, why: "saved write: the Service is switched once" };
  assert.deepEqual(compareEvents(THEIRS, OURS, [saving]), []);
});

Deno.test("compareEvents() lets no named difference take a reason away", () => {
  const line = "Normal rollout/web RolloutUpdated: Rollout updated to revision 2";
  const silent = { why: "saved write", expected: [line], actual: [] };
  assert.deepEqual(compareEvents(RUN, RUN.slice(1), [silent]), [
    "reason never seen: RolloutUpdated",
  ]);
});

Deno.test("compareEvents() reads a reason with a blank whole", () => {
  const updated = event("Updated VirtualService", "VirtualService `web` set to desiredWeight '5'");
  const other = event("Updated DestinationRule", "DestinationRule `web` set");
  assert.ok(
    compareEvents([updated], [other]).includes("reason never seen: Updated VirtualService"),
  );
});

for (const [name, events] of [["01", events01], ["02", events02], ["03", events03]] as const) {
  Deno.test(`the recorded events of case ${name} equal themselves and miss each of theirs`, () => {
    assert.deepEqual(compareEvents(events, events), []);
    const lines = normaliseEvents(events);
    assert.ok(!lines.join().includes("RolloutAddedToInformer"));
    assert.ok(lines.every((line) => !/[bcdfghjklmnpqrstvwxz2456789]{9,}/.test(line)));
    // A step of a scaling may be missing: only its first and last size count.
    const others = events.flatMap(({ reason }, index) =>
      index === 0 || reason === "ScalingReplicaSet" ? [] : [events.toSpliced(index, 1)]
    );
    for (const rest of others) assert.notDeepEqual(compareEvents(events, rest), []);
  });
}
