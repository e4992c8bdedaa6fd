import assert from "node:assert/strict";
import { DEPLOYMENTS, LEASES } from "../../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../../core/cluster/embedded/virtual_clock.ts";
import { OtherControllers, type Reach } from "../../../../core/controller/leadership/mod.ts";
import { UnreachableError } from "../../../../core/ports/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { RecordingLog } from "../../engine/recording_log.ts";
import { refusal, ScriptedCluster } from "../../engine/scripted_cluster.ts";
import { advance } from "../../engine/virtual_time.ts";
import { deployment, heldLease } from "./installations.ts";

const CLUSTER_WIDE: Reach = { instanceId: "" };
const REMEDY = "looks after the same Rollouts; stop it, or use --force to start all the same";

class World {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster = new ScriptedCluster();
  readonly log = new RecordingLog();
  readonly others: OtherControllers;
  /** `undefined`: still looking. */
  found: string | "nobody" | undefined;

  constructor(
    { objects = [], reach = CLUSTER_WIDE }: { objects?: readonly KubeObject[]; reach?: Reach },
  ) {
    for (const object of objects) {
      this.cluster.put(object.kind === "Lease" ? LEASES : DEPLOYMENTS, object);
    }
    const { clock, cluster, log } = this;
    const home = { namespace: "argo-rollouts", lease: "argo-rollouts-controller-lock" };
    this.others = new OtherControllers({ clock, cluster, log, ...home, reach });
  }

  look(): Promise<void> {
    void this.others.find().then((found) => this.found = found ?? "nobody");
    return advance(this.clock, 0);
  }

  advance(byMs: number): Promise<void> {
    return advance(this.clock, byMs);
  }
}

Deno.test("a running controller of another namespace is found by its Deployment, at once", async () => {
  const running = `Cannot start: Deployment "other/argo-rollouts" runs a controller that ${REMEDY}`;
  const web = { instanceId: "", namespaces: ["web"] };
  const rows: [what: string, objects: KubeObject[], reach: Reach, found: string][] = [
    ["none", [], CLUSTER_WIDE, "nobody"],
    ["one", [deployment("other", {})], CLUSTER_WIDE, running],
    ["one that has no pods", [deployment("other", { ready: 0 })], CLUSTER_WIDE, "nobody"],
    ["one in our namespace: there the Lease protects", [deployment("argo-rollouts", {})], {
      instanceId: "",
    }, "nobody"],
    ["one for its namespace, we for all", [deployment("other", { args: ["--namespaced"] })], {
      instanceId: "",
    }, running],
    ["one for all, we for a namespace", [deployment("other", {})], web, running],
    ["one for its namespace, we for ours", [deployment("other", { args: ["--namespaced"] })], {
      ...web,
    }, "nobody"],
    ["one for other objects", [deployment("other", { args: ["--instance-id=blue"] })], {
      instanceId: "",
    }, "nobody"],
    [
      "one under another name",
      [deployment("other", { name: "release-argo-rollouts" })],
      CLUSTER_WIDE,
      running.replace("other/argo-rollouts", "other/release-argo-rollouts"),
    ],
  ];
  for (const [what, objects, reach, found] of rows) {
    const world = new World({ objects, reach });
    await world.look();
    assert.equal(world.found, found, what);
  }
});

Deno.test("a Lease of another namespace that is renewed means a controller; one that is not, none", async () => {
  const renewed = new World({ objects: [heldLease("other")] });
  await renewed.look();
  await renewed.advance(9_000);
  assert.equal(renewed.found, undefined);
  renewed.cluster.put(LEASES, heldLease("other", { renewTime: "2029-01-01T00:00:00.000000Z" }));
  await renewed.advance(1_000);
  assert.equal(
    renewed.found,
    `Cannot start: controller "them" renews the Lease ` +
      `"other/argo-rollouts-controller-lock" and ${REMEDY}`,
  );

  const left = new World({ objects: [heldLease("other")] });
  await left.look();
  await left.advance(14_999);
  assert.equal(left.found, undefined);
  await left.advance(1);
  assert.equal(left.found, "nobody");
  assert.deepEqual(left.log.at("info").map(({ message, fields }) => [message, fields["waitMs"]]), [
    ["another namespace has the Lease of a controller; looking whether it is renewed", 15_000],
  ]);
});

Deno.test("what costs no wait: no Lease, a released one, our own, one of a controller beside us", async () => {
  const web = { instanceId: "", namespaces: ["web"] };
  const rows: [what: string, objects: KubeObject[], reach: Reach][] = [
    ["none", [], CLUSTER_WIDE],
    ["released", [heldLease("other", { holder: "" })], CLUSTER_WIDE],
    ["our own", [heldLease("argo-rollouts")], CLUSTER_WIDE],
    [
      "of a controller for its own namespace",
      [heldLease("other"), deployment("other", { args: ["--namespaced"] })],
      web,
    ],
  ];
  for (const [what, objects, reach] of rows) {
    const world = new World({ objects, reach });
    await world.look();
    assert.equal(world.found, "nobody", what);
  }
});

Deno.test("a Lease that asks for hours is waited for for a minute", async () => {
  const world = new World({ objects: [heldLease("other", { durationSeconds: 36_000 })] });
  await world.look();
  await world.advance(60_000);
  assert.equal(world.found, "nobody");
});

Deno.test("where it may not look it says so once, and goes on with what it may", async () => {
  const world = new World({ objects: [heldLease("other"), deployment("other", { ready: 0 })] });
  const error = refusal(403, "Forbidden", "leases is forbidden");
  world.cluster.refuse("list", LEASES, { error, times: Infinity });
  world.cluster.refuse("list", DEPLOYMENTS, {
    error: refusal(403, "Forbidden", "deployments is forbidden"),
    times: Infinity,
  });
  await world.look();
  assert.equal(world.found, "nobody");
  assert.deepEqual(world.log.at("warn").map(({ message, fields }) => [message, fields["cause"]]), [
    [
      "cannot look for controllers in other namespaces: permission is missing",
      "deployments is forbidden",
    ],
    [
      "cannot look for controllers in other namespaces: permission is missing",
      "leases is forbidden",
    ],
  ]);
});

Deno.test("it waits for a cluster that does not answer, and says so once", async () => {
  const world = new World({ objects: [deployment("other", {})] });
  const error = new UnreachableError("Cannot list deployments: the line is dead");
  world.cluster.refuse("list", DEPLOYMENTS, { error, times: 5 });
  await world.look();
  await world.advance(4_000);
  assert.equal(world.found, undefined);
  assert.equal(world.log.at("warn").length, 1);
  await world.advance(1_000);
  assert.match(String(world.found), /^Cannot start: Deployment "other\/argo-rollouts"/);
});

Deno.test("it stops looking when it is told to", async () => {
  const world = new World({ objects: [heldLease("other")] });
  await world.look();
  world.others.stop();
  await world.advance(1_000);
  assert.equal(world.found, "nobody");
  assert.equal(world.clock.nextDueMs(), undefined);
});
