import assert from "node:assert/strict";
import { LEASES } from "../../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../../core/cluster/embedded/virtual_clock.ts";
import { LeaderElection } from "../../../../core/controller/leadership/mod.ts";
import { DEFAULT_TIMES } from "../../../../core/controller/leadership/election.ts";
import { UnreachableError } from "../../../../core/ports/mod.ts";
import { RecordingLog } from "../../engine/recording_log.ts";
import { refusal, ScriptedCluster } from "../../engine/scripted_cluster.ts";
import { advance } from "../../engine/virtual_time.ts";

const LEASE = { namespace: "argo-rollouts", name: "argo-rollouts-controller-lock" };

class World {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster = new ScriptedCluster();
  readonly log = new RecordingLog();
  /** `one leads term 1`, `one leads no more` */
  readonly story: string[] = [];

  candidate(identity: string, ports: Partial<{ cluster: ScriptedCluster }> = {}): LeaderElection {
    const { clock, cluster, log, story } = this;
    const election = new LeaderElection(
      { lease: LEASE, identity, times: DEFAULT_TIMES },
      { cluster, clock, log, random: { next: () => 0.5 }, ...ports },
    );
    election.onChange(() => {
      const term = election.term();
      story.push(`${identity} ${term === undefined ? "leads no more" : `leads term ${term}`}`);
    });
    election.start();
    return election;
  }

  advance(byMs: number): Promise<void> {
    return advance(this.clock, byMs);
  }

  spec(): Record<string, unknown> {
    return this.cluster.present(LEASES, LEASE)?.["spec"] as Record<string, unknown>;
  }

  warnings(): string[] {
    return this.log.at("warn").map(({ message }) => message);
  }
}

const LOST = new UnreachableError("Cannot hear the cluster: the line is dead");

Deno.test("of two controllers one leads, for as long as it renews; the other only reads", async () => {
  const world = new World();
  const [one, two] = [world.candidate("one"), world.candidate("two")];
  await world.advance(60_000);
  assert.deepEqual(world.story, ["one leads term 1"]);
  assert.deepEqual([one.term(), two.term(), two.holder], [1, undefined, "one"]);
  const { acquireTime, renewTime, ...rest } = world.spec();
  assert.deepEqual(rest, {
    holderIdentity: "one",
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
  });
  assert.deepEqual([acquireTime, renewTime], [
    "2030-01-01T00:00:00.000000Z",
    "2030-01-01T00:01:00.000000Z",
  ]);
  const writes = world.cluster.writes();
  assert.equal(writes.length, 1 + 1 + 30, "each creates it, the leader renews it each period");
  const [line] = world.log.at("info").filter(({ message }) => message.startsWith("another"));
  assert.deepEqual([line?.message, line?.fields["holder"]], [
    "another controller leads; standing by",
    "one",
  ]);
});

Deno.test("a leader that is gone is followed once its Lease has run out", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  world.candidate("two");
  await world.advance(20_000);
  void one.stop();
  await world.advance(13_000);
  assert.deepEqual(world.story, ["one leads term 1", "one leads no more"]);
  await world.advance(4_000);
  assert.deepEqual(world.story.slice(2), ["two leads term 1"]);
  assert.deepEqual([world.spec()["holderIdentity"], world.spec()["leaseTransitions"]], ["two", 1]);
});

Deno.test("a leader knows since when nobody led: from the Lease, whoever had it", async () => {
  const world = new World();
  const startMs = world.clock.now();
  const one = world.candidate("one");
  await world.advance(21_000);
  assert.equal(one.ledUntilMs(), undefined, "nobody did before it");
  world.cluster.refuse("update", LEASES, { error: LOST, times: 60 });
  await world.advance(60_000);
  assert.deepEqual([one.term(), one.ledUntilMs()], [2, startMs + 20_000]);
  const lastMs = Math.floor((world.clock.now() - startMs) / 1000) * 1000;
  void one.stop();
  await world.advance(30_000);
  const two = world.candidate("two");
  await world.advance(60_000);
  assert.equal(two.term(), 1);
  const ledUntilMs = (two.ledUntilMs() ?? 0) - startMs;
  assert.ok(ledUntilMs <= lastMs && ledUntilMs > lastMs - 3_000, `${ledUntilMs} of ${lastMs}`);
});

Deno.test("a leader that releases is followed within half a retry period", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  world.candidate("two");
  await world.advance(20_000);
  await one.release();
  assert.deepEqual([world.spec()["holderIdentity"], world.spec()["leaseDurationSeconds"]], ["", 1]);
  await world.advance(1_000);
  assert.deepEqual(world.story, ["one leads term 1", "one leads no more", "two leads term 1"]);
  assert.deepEqual(world.warnings(), []);
  const writes = world.cluster.writes().length;
  await world.advance(1_000);
  assert.equal(world.cluster.writes().length, writes, "the first one looks no more");
});

Deno.test("a leader whose renewals fail leads until its deadline, and leads again in a new term", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(20_000);
  world.cluster.refuse("update", LEASES, { error: LOST, times: 22 });
  await world.advance(9_999);
  assert.equal(one.term(), 1);
  assert.equal(
    one.trouble,
    "Cannot renew leadership: Cannot hear the cluster: the line is dead",
  );
  await world.advance(1);
  assert.deepEqual([one.term(), world.story.at(-1)], [undefined, "one leads no more"]);
  await world.advance(10_000);
  assert.deepEqual([one.term(), one.trouble], [2, undefined]);
  assert.equal(world.spec()["leaseTransitions"], 0, "the holder was the same");
  assert.deepEqual(world.warnings(), [
    "Cannot renew leadership: Cannot hear the cluster: the line is dead",
    "this controller leads no more: it was not renewed in time; it stands by",
  ]);
});

Deno.test("by the clock alone a leader leads no more, before any timer of it has rung", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  const { clock } = world;
  // Nothing is run in between: so it is for a process that was stopped.
  clock.advanceTo(clock.now() + 8_999);
  assert.equal(one.term(), 1);
  clock.advanceTo(clock.now() + 1);
  assert.equal(one.term(), undefined);
  assert.equal(world.story.at(-1), "one leads no more");
  await world.advance(0);
  assert.equal(one.term(), 2, "nobody has taken the Lease: it leads again, in a new term");
});

Deno.test("a renewal that came true though its answer was lost does not unseat the leader", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(20_000);
  world.cluster.loseAnswer("update", LEASES);
  await world.advance(60_000);
  assert.deepEqual([one.term(), world.story], [1, ["one leads term 1"]]);
});

Deno.test("a renewal whose answer is late counts from when it was sent", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  const held = world.cluster.hold("update", LEASES);
  await world.advance(10_500);
  assert.equal(one.term(), undefined, "the one before was sent 11.5 s ago");
  held.release();
  await world.advance(0);
  assert.deepEqual([one.term(), world.story.length], [2, 3], "it was sent 9.5 s ago");
  assert.deepEqual(world.cluster.said("update").length, 1);
  await world.advance(499);
  assert.equal(one.term(), 2);
});

Deno.test("a leader whose Lease somebody took away, or deleted, does not wait for its deadline", async () => {
  const taken = new World();
  const one = taken.candidate("one");
  await taken.advance(1_000);
  const present = taken.cluster.present(LEASES, LEASE);
  taken.cluster.put(LEASES, {
    ...present!,
    spec: { ...taken.spec(), holderIdentity: "other", renewTime: "2030-01-01T00:00:01.000000Z" },
  });
  await taken.advance(1_000);
  assert.deepEqual([one.term(), one.holder], [undefined, "other"]);
  assert.deepEqual(taken.warnings(), [
    "this controller leads no more: the Lease was taken away; it stands by",
  ]);

  const deleted = new World();
  const two = deleted.candidate("two");
  await deleted.advance(1_000);
  deleted.cluster.remove(LEASES, LEASE);
  await deleted.advance(1_000);
  assert.deepEqual([two.term(), deleted.spec()["holderIdentity"]], [2, "two"]);
});

Deno.test("others may annotate the Lease without unseating the leader", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  const present = world.cluster.present(LEASES, LEASE);
  world.cluster.put(LEASES, {
    ...present!,
    metadata: { ...present!.metadata, annotations: { note: "ours" } },
  });
  await world.advance(20_000);
  assert.equal(one.term(), 1);
  assert.deepEqual(world.cluster.present(LEASES, LEASE)?.metadata.annotations, { note: "ours" });
});

Deno.test("why the Lease cannot be had is said once, with what to do, and tried on", async () => {
  const rows = [
    {
      refused: {
        verb: "get",
        error: refusal(403, "Forbidden", 'leases "argo-rollouts-controller-lock" is forbidden'),
      },
      trouble: 'Cannot get leadership: leases "argo-rollouts-controller-lock" is forbidden; ' +
        'allow the controller "get", "create" and "update" of leases in its namespace',
    },
    {
      refused: {
        verb: "create",
        error: refusal(404, "NotFound", 'namespaces "argo-rollouts" not found'),
      },
      trouble: 'Cannot get leadership: namespaces "argo-rollouts" not found; create that ' +
        "namespace, set POD_NAMESPACE, or run one controller alone with --leader-elect=false",
    },
  ] as const;
  for (const { refused: { verb, error }, trouble } of rows) {
    const world = new World();
    world.cluster.refuse(verb, LEASES, { error, times: 8 });
    const one = world.candidate("one");
    await world.advance(5_000);
    assert.deepEqual([one.term(), one.trouble], [undefined, trouble]);
    assert.deepEqual(world.warnings(), [trouble]);
    await world.advance(5_000);
    assert.deepEqual([one.term(), one.trouble], [1, undefined]);
  }
});

Deno.test("of three that find the Lease free at once, one leads", async () => {
  const world = new World();
  const all = ["one", "two", "three"].map((name) => world.candidate(name));
  await world.advance(1_000);
  for (let round = 0; round < 3; round++) {
    const leader = all.find((one) => one.term() !== undefined);
    await leader?.release();
    all.splice(all.indexOf(leader!), 1);
    await world.advance(2_000);
    assert.equal(all.filter((one) => one.term() !== undefined).length, Math.min(1, all.length));
  }
  assert.equal(world.spec()["leaseTransitions"], 2);
});

Deno.test("a renewal that failed is tried again soon, so that a dead connection does not cost the Lease", async () => {
  const world = new World();
  const one = world.candidate("one");
  await world.advance(1_000);
  world.cluster.refuse("update", LEASES, { error: LOST, times: 3 });
  await world.advance(2_600);
  assert.deepEqual([one.term(), one.trouble], [1, undefined]);
  assert.equal(world.cluster.said("update").length, 4, "at 2, 2.5, 3 and 3.5 s");
});
