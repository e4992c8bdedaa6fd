import assert from "node:assert/strict";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import type { Failure } from "../../../core/engine/mod.ts";
import { UnreachableError } from "../../../core/ports/mod.ts";
import {
  create,
  decision,
  EngineWorld,
  NOTHING,
  patchGear,
  wantGear,
  wantTeeth,
} from "./engine_world.ts";
import { gear, GEARS, mill, MILLS, refTo } from "./objects.ts";
import { refusal } from "./scripted_cluster.ts";

function event(reason: string): EventDraft {
  return { type: "Normal", reason, message: reason };
}

/** Reports every refusal that it is asked about, as a condition and an event. */
function reportFailures(world: EngineWorld): Failure[] {
  const failures: Failure[] = [];
  world.controller.decideAfterFailure = ({ mill }, failure) => {
    failures.push(failure);
    const status = { ...(mill["status"] as object), conditions: [{ type: "Failed" }] };
    return { status, events: [event("Failed")] };
  };
  return failures;
}

function quiet(world: EngineWorld): void {
  assert.deepEqual(world.log.at("warn"), []);
  assert.deepEqual(world.log.at("error"), []);
}

Deno.test("after a conflict the pass is repeated on what is, and nobody hears of it", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  await world.start("m");
  const failures = reportFailures(world);
  const want = wantTeeth(9);
  world.decide((seen) => ({ ...want(seen), status: { phase: "Done" }, events: [event("Done")] }));
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8, colour: "red" } }));
  world.touch("m");
  await world.settle();
  const [failed] = world.passes;
  assert.equal(failed?.status, "unchanged");
  assert.deepEqual(world.cluster.writes().slice(0, 2), ["patch gears m-1", "patch gears m-1"]);
  assert.deepEqual(world.cluster.said("get"), ["get gears m-1"]);
  assert.deepEqual(world.cluster.present(GEARS, refTo("m-1"))?.["spec"], {
    teeth: 9,
    colour: "red",
  });
  assert.deepEqual(failures, []);
  quiet(world);
});

Deno.test("an object that exists already is looked at, and not made again", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const failures = reportFailures(world);
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 7 } }));
  world.decide(wantGear("m-1", gear("m-1")));
  world.touch("m");
  await world.advance(60_000);
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
  assert.deepEqual(world.cached(GEARS, "m-1")?.["spec"], { teeth: 7 });
  assert.deepEqual(failures, []);
  assert.equal(world.events.length, 0);
  quiet(world);
});

Deno.test("an object that is not there any more is forgotten, and the pass repeated", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  await world.start("m");
  const failures = reportFailures(world);
  world.cluster.remove(GEARS, refTo("m-1"));
  world.decide(wantTeeth(9));
  world.touch("m");
  await world.advance(60_000);
  assert.deepEqual(world.cluster.writes(), ["patch gears m-1"]);
  assert.equal(world.cached(GEARS, "m-1"), undefined);
  assert.equal(world.passes.length, 2);
  assert.deepEqual(failures, []);
  quiet(world);
});

const PASSING: Error[] = [
  new UnreachableError("Cannot create: reset"),
  refusal(429, "TooManyRequests"),
  refusal(502, "Unknown"),
  refusal(503, "ServiceUnavailable"),
  refusal(504, "Timeout"),
];

for (const error of PASSING) {
  Deno.test(`after "${error.message}" it tries again ever more slowly, silently`, async () => {
    const world = new EngineWorld();
    await world.start("m");
    const failures = reportFailures(world);
    world.cluster.refuse("create", GEARS, { error, times: 3 });
    world.decide(({ gears }) =>
      gears.length > 0
        ? decision({ status: { phase: "Done" } })
        : decision({ effects: [create(gear("m-1"), [event("Made")])], status: { phase: "Done" } })
    );
    world.touch("m");
    const tries: number[] = [];
    for (const ms of [0, 9, 1, 19, 1, 39]) {
      await world.advance(ms);
      tries.push(world.cluster.writes().length);
    }
    assert.deepEqual(tries, [1, 1, 2, 2, 3, 3]);
    assert.equal(world.events.length, 0);
    await world.advance(1);
    assert.deepEqual(world.cluster.writes().slice(3), ["create gears m-1", "patch mills/status m"]);
    assert.deepEqual(world.reasons(), ["Made"]);
    assert.deepEqual(failures, []);
    quiet(world);
  });
}

Deno.test("a server that stays busy does not hide for ever what holds all the same", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const failures = reportFailures(world);
  world.cluster.refuse("create", GEARS, { error: refusal(503, "Unavailable"), times: Infinity });
  world.decide(() => decision({ effects: [create(gear("m-1"))], status: { phase: "Done" } }));
  world.touch("m");
  const status = () => world.cluster.present(MILLS, refTo("m"))?.["status"];
  await world.advance(149);
  assert.equal(status(), undefined);
  await world.advance(1);
  assert.deepEqual(status(), { conditions: [{ type: "Failed" }] });
  assert.equal(failures[0]?.isPassing, true);
  quiet(world);
});

Deno.test("a trouble within the server is told when it lasts for 2.5 s, not before", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const failures = reportFailures(world);
  const error = refusal(500, "InternalError", "etcdserver: leader changed");
  world.cluster.refuse("create", GEARS, { error, times: Infinity });
  world.decide(() => decision({ effects: [create(gear("m-1"))], status: { phase: "Done" } }));
  world.touch("m");
  await world.advance(2_549);
  assert.equal(failures.length, 0);
  await world.advance(1);
  assert.equal(failures[0]?.isPassing, false);
});

Deno.test("a creation whose answer was lost is found, and not made twice", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.cluster.loseAnswer("create", GEARS);
  world.decide(wantGear("m-1", gear("m-1")));
  world.touch("m");
  await world.advance(60_000);
  assert.deepEqual(world.cluster.writes(), ["create gears m-1", "create gears m-1"]);
  assert.equal(world.cluster.objects(GEARS).length, 1);
  assert.ok(world.cached(GEARS, "m-1"));
});

for (const error of [refusal(403, "Forbidden", "exceeded quota"), refusal(422, "Invalid")]) {
  Deno.test(`after ${error.code}, its condition and event are reported, nothing else`, async () => {
    const world = new EngineWorld();
    world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
    await world.start("m");
    const failures = reportFailures(world);
    world.cluster.refuse("create", GEARS, { error, times: Infinity, name: "m-2" });
    const refused = create(gear("m-2"), [event("MadeTwo")]);
    world.decide(({ gears: [first] }) =>
      decision({
        effects: [
          ...((first?.["spec"] as { teeth: number }).teeth === 9
            ? []
            : [patchGear("m-1", { spec: { teeth: 9 } }, [event("Cut")])]),
          refused,
          create(gear("m-3"), [event("MadeThree")]),
        ],
        status: { phase: "Done", conditions: [] },
        events: [event("Done")],
      })
    );
    world.touch("m");
    await world.settle();
    assert.deepEqual(failures[0], { effect: refused, error, isPassing: false });
    const status = world.cluster.present(MILLS, refTo("m"))?.["status"];
    assert.deepEqual(status, { conditions: [{ type: "Failed" }] });
    assert.equal(world.cluster.present(GEARS, refTo("m-3")), undefined);
    assert.deepEqual([...new Set(world.reasons())], ["Cut", "Failed"]);
    assert.equal(world.log.at("warn")[0]?.fields["cause"], error.message);
    await world.advance(60_000);
    const tries = world.cluster.writes().filter((call) => call === "create gears m-2").length;
    assert.ok(tries >= 10 && tries <= 20, `${tries} tries in a minute`);
    const reports = world.cluster.writes().filter((call) => call === "patch mills/status m");
    assert.equal(reports.length, 1, "the same again is not worth a write");
  });
}

Deno.test("a refusal is tried again from the first delay after a pass that went well", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const error = refusal(403, "Forbidden");
  world.cluster.refuse("create", GEARS, { error, times: 3 });
  world.decide(wantGear("m-1", gear("m-1")));
  world.touch("m");
  await world.advance(1_000);
  world.cluster.refuse("create", GEARS, { error, times: 1 });
  world.decide(wantGear("m-2", gear("m-2")));
  world.touch("m");
  await world.settle();
  const delays = world.log.at("warn").map(({ fields }) => fields["delayMs"]);
  assert.deepEqual(delays, [10, 20, 40, 10]);
});

Deno.test("a write without effect is tried ever more slowly, never in a loop", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  await world.start("m");
  const failures = reportFailures(world);
  world.cluster.ignore(GEARS);
  world.decide(({ gears }) =>
    decision({
      effects: [
        patchGear("m-1", { spec: { teeth: 9 } }, [event("Cut")]),
        create(gear(`m-${gears.length + 1}`)),
      ],
      status: { phase: "Done" },
      events: [event("Done")],
    })
  );
  world.touch("m");
  await world.advance(60_000);
  const writes = world.cluster.writes().filter((call) => call.endsWith("gears m-1"));
  assert.ok(writes.length >= 10 && writes.length <= 20, `${writes.length} writes in a minute`);
  const lines = world.log.at("warn").filter(({ message }) => message.includes("had no effect"));
  assert.equal(lines[0]?.fields["patch"], '{"spec":{"teeth":9}}');
  assert.equal(lines[0]?.fields["object"], "default/m-1");
  assert.equal(world.cluster.objects(GEARS).length, 1, "nothing was built on it");
  assert.deepEqual([...new Set(world.reasons())], ["Failed"]);
  assert.match(failures[0]?.error.message ?? "", /^Cannot patch gears "m-1": the cluster left/);
});

Deno.test("a status patch without effect is logged and tried ever more slowly", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.cluster.ignore(MILLS);
  world.decide(() => decision({ status: { phase: "Done" }, events: [event("Done")] }));
  world.touch("m");
  await world.advance(60_000);
  const writes = world.cluster.writes();
  assert.ok(writes.length >= 10 && writes.length <= 20, `${writes.length} writes in a minute`);
  assert.deepEqual([...new Set(writes)], ["patch mills/status m"]);
  assert.match(String(world.log.at("warn")[0]?.fields["patch"]), /"status":\{"phase":"Done"\}/);
  assert.equal(world.events.length, 0);
});

Deno.test("a refused status is logged, and its events are not recorded", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.cluster.refuse("patch", MILLS, { error: refusal(422, "Invalid"), times: 2 });
  world.decide(() => decision({ status: { phase: "Done" }, events: [event("Done")] }));
  world.touch("m");
  await world.advance(29);
  const told = world.log.at("warn").map(({ fields: { delayMs, cause } }) => [delayMs, cause]);
  assert.deepEqual(told, [[10, "Invalid of the test"], [20, "Invalid of the test"]]);
  assert.deepEqual(world.log.at("error"), [], "it is no mistake of the program");
  assert.equal(world.events.length, 0);
  await world.advance(1);
  assert.equal(world.reasons()[0], "Done");
});

Deno.test("what else was decided goes on where the right to an optional patch is missing", async () => {
  const world = new EngineWorld();
  world.cluster.put(GEARS, gear("m-1", { spec: { teeth: 8 } }));
  await world.start("m");
  const failures = reportFailures(world);
  const why = 'gears "m-1" is forbidden: User "mill" cannot patch resource "gears"';
  const error = refusal(403, "Forbidden", why);
  world.cluster.refuse("patch", GEARS, { error, times: Infinity });
  const patch = { type: "merge" as const, body: { spec: { teeth: 9 } } };
  const spare = { kind: "write", verb: "patch", type: GEARS, ref: refTo("m-1"), patch } as const;
  world.decide(({ gears }) =>
    decision({
      effects: [
        { ...spare, isOptional: true },
        ...gears.length < 2 ? [create(gear("m-2"), [event("Made")])] : [],
      ],
      status: { phase: "Done" },
    })
  );
  world.touch("m");
  await world.advance(60_000);
  assert.ok(world.cluster.present(GEARS, refTo("m-2")) !== undefined);
  assert.deepEqual(world.cluster.present(MILLS, refTo("m"))?.["status"], { phase: "Done" });
  assert.deepEqual(world.reasons(), ["Made"]);
  assert.deepEqual(failures, []);
  const tries = world.cluster.writes().filter((write) => write === "patch gears m-1").length;
  assert.ok(tries >= 1 && tries < 10, `it was tried ${tries} times`);
  const last = world.passes.at(-1);
  assert.match(last?.why ?? "", /gear m-1: /);
});

Deno.test("an unreachable cluster keeps a status for later, and its events", async () => {
  const world = new EngineWorld();
  await world.start("m");
  world.cluster.refuse("patch", MILLS, { error: new UnreachableError("Cannot patch: reset") });
  world.decide(({ mill }) =>
    mill["status"] === undefined
      ? decision({ status: { phase: "Done" }, events: [event("Done")] })
      : NOTHING
  );
  world.touch("m");
  await world.advance(9);
  assert.equal(world.events.length, 0);
  await world.advance(1);
  assert.deepEqual(world.reasons(), ["Done"]);
  quiet(world);
});

Deno.test("events of effects are recorded even when the object goes during the pass", async () => {
  const world = new EngineWorld();
  await world.start("m");
  const held = world.cluster.hold("create", GEARS);
  world.decide(() =>
    decision({ effects: [create(gear("m-1"), [event("Made")])], status: { phase: "Done" } })
  );
  world.touch("m");
  await world.settle();
  world.cluster.remove(MILLS, refTo("m"));
  world.tell();
  held.release();
  await world.advance(60_000);
  assert.deepEqual(world.reasons(), ["Made"]);
  assert.deepEqual(world.cluster.writes(), ["create gears m-1"]);
  assert.equal(world.events[0]?.object.metadata.name, mill("m").metadata.name);
});
