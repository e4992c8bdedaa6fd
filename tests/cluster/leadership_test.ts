/**
 * Controllers in processes of their own on a real control plane, of which one leads. It is killed,
 * stopped, or frozen past its Lease, always in the middle of updates.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import {
  DEPLOYMENTS,
  LEASES,
  REPLICA_SETS,
  ROLLOUTS,
  SERVICES,
} from "../../core/api/names/resources.ts";
import { LeaderElection, OtherControllers } from "../../core/controller/leadership/mod.ts";
import { systemClock, systemRandom } from "../../core/cluster/system/mod.ts";
import { type Cluster, silentLog, sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import { auditedWrites } from "./audit_log.ts";
import { Fleet } from "./fleet.ts";
import { follow } from "./follow.ts";
import { killProcess, startControllerProcess } from "./own_process.ts";
import { connect, serveRollouts, until } from "./real_cluster.ts";

const TIMES = { leaseDurationMs: 4_000, renewDeadlineMs: 3_000, retryPeriodMs: 500 };
const COUNT = 5;
const STEPS = 3;

/** A fleet, its story as a user sees it, and the controllers that look after it. */
class Stage {
  /** Steps of each Rollout, by the hash of its new pods: `web-1 6cf7…` → 0, 1, 2. */
  readonly steps = new Map<string, number[]>();
  /** What each Service selected, in turn. */
  readonly selected = new Map<string, string[]>();
  readonly fleet: Fleet;
  readonly processes = new Map<string, Deno.ChildProcess>();
  readonly #filled = new Set<string>();
  #count = 0;

  constructor(readonly plane: ControlPlane, readonly user: Cluster, readonly namespace: string) {
    this.fleet = new Fleet(user, namespace, COUNT);
  }

  async watch() {
    const { user, namespace } = this;
    const watches = [
      await follow(user, ROLLOUTS, namespace, (object) => {
        const { status: { currentPodHash, currentStepIndex } = {}, metadata: { name } } =
          object as Rollout;
        if (currentPodHash === undefined || currentStepIndex === undefined) return;
        note(this.steps, `${name} ${currentPodHash}`, currentStepIndex ?? 0);
      }),
      await follow(user, SERVICES, namespace, ({ metadata: { name }, spec }) => {
        const { selector } = spec as { selector?: Record<string, string> };
        const hash = selector?.["rollouts-pod-template-hash"];
        if (hash !== undefined) note(this.selected, name, hash);
      }),
    ];
    return { stop: () => watches.forEach((one) => one.stop()) };
  }

  /** Starts one more controller; gives the name that it has as a candidate. */
  async begin(): Promise<string> {
    const userAgent = `controller-${++this.#count}`;
    const { plane, namespace } = this;
    const onReady = () => void this.#filled.add(userAgent);
    const options = { userAgent, namespace, times: TIMES, onReady };
    const process = await startControllerProcess(plane, options);
    this.processes.set(userAgent, process);
    return userAgent;
  }

  signal(name: string, signal: Deno.Signal): void {
    this.processes.get(name)?.kill(signal);
  }

  async holder(): Promise<string | undefined> {
    const leases = await this.user.list(LEASES, { namespace: this.namespace });
    const [lease] = leases.items;
    return (lease?.["spec"] as { holderIdentity?: string } | undefined)?.holderIdentity;
  }

  async untilLeads(name: string): Promise<void> {
    await until(`${name} to lead`, async () => await this.holder() === name);
  }

  /** Waits until its caches are filled. */
  async untilReady(name: string): Promise<void> {
    await until(`${name} to be ready`, () => Promise.resolve(this.#filled.has(name)));
  }

  async written(name: string, sinceMs: number): Promise<string[]> {
    return (await auditedWrites(this.plane, name))
      .filter(({ resource, atMs, isRefused }) =>
        resource !== "leases" && atMs >= sinceMs && !isRefused
      )
      .map(({ verb, resource, subresource, name, body }) =>
        `${verb} ${resource}/${subresource} ${name}: ${JSON.stringify(body)}`
      );
  }

  async untilHealthy(): Promise<void> {
    await until("all to be Healthy", () => this.fleet.isHealthy(), 120_000);
  }

  /** Each step once and in its order; no Service goes back; one set for each revision. */
  async check(revisions: number, what: string): Promise<void> {
    for (const [name, steps] of this.steps) {
      assert.deepEqual(steps, [...steps].sort(), `${name} repeats a step: ${steps}, ${what}`);
      assert.ok(new Set(steps).size === steps.length, `${name}: ${steps}, ${what}`);
      assert.equal(steps.at(-1), STEPS, `${name} comes to its end: ${steps}, ${what}`);
    }
    for (const [name, hashes] of this.selected) {
      assert.equal(new Set(hashes).size, hashes.length, `${name} goes back: ${hashes}, ${what}`);
    }
    const sets = (await this.user.list(REPLICA_SETS, { namespace: this.namespace })).items;
    const perRollout = Map.groupBy(sets, ({ metadata }) => metadata.ownerReferences?.[0]?.name);
    assert.equal(perRollout.size, COUNT);
    for (const [name, own] of perRollout) assert.equal(own.length, revisions, `${name}, ${what}`);
  }

  async end(): Promise<void> {
    await Promise.all([...this.processes.values()].map(killProcess));
  }
}

function note<Value>(stories: Map<string, Value[]>, name: string, value: Value): void {
  const story = stories.get(name) ?? [];
  stories.set(name, story);
  if (story.at(-1) !== value) story.push(value);
}

async function play(body: (stage: Stage) => Promise<void>): Promise<void> {
  const plane = await startControlPlane();
  const user = connect(plane, "user");
  try {
    await serveRollouts(user);
    const stage = new Stage(plane, user, await makeNamespace(user));
    const watch = await stage.watch();
    try {
      await body(stage);
    } finally {
      watch.stop();
      await stage.end();
    }
  } finally {
    await user.close();
    await plane.stop();
  }
}

Deno.test("a real control plane: a leader killed in mid-update at ten moments is followed", async () => {
  await play(async (stage) => {
    let leader = await stage.begin();
    await stage.untilLeads(leader);
    await stage.fleet.create();
    await stage.untilHealthy();
    for (let moment = 1; moment <= 10; moment++) {
      const next = await stage.begin();
      await stage.untilReady(next);
      assert.deepEqual(await stage.written(next, 0), [], "who stands by writes nothing");
      stage.steps.clear();
      stage.selected.clear();
      await stage.fleet.update(`registry/web:${moment + 1}`);
      await sleep(systemClock, moment * 350);
      stage.signal(leader, "SIGKILL");
      const killedMs = systemClock.now();
      await stage.untilHealthy();
      const what = `killed ${moment * 350} ms after the update`;
      assert.equal(await stage.holder(), next);
      // What had left before that is carried out within a moment.
      assert.deepEqual(await stage.written(leader, killedMs + 1_000), []);
      await stage.check(moment + 1, what);
      leader = next;
    }
  });
});

Deno.test("a real control plane: a leader that gets SIGTERM in mid-update hands over within 2 s", async () => {
  await play(async (stage) => {
    const [leader, next] = await Promise.all([stage.begin(), stage.begin()]);
    await stage.untilReady(leader);
    await stage.untilReady(next);
    const first = await stage.holder() ?? "";
    const second = first === leader ? next : leader;
    await stage.fleet.create();
    await stage.untilHealthy();
    stage.steps.clear();
    stage.selected.clear();
    await stage.fleet.update("registry/web:2");
    await sleep(systemClock, 1_000);
    stage.signal(first, "SIGTERM");
    const askedMs = systemClock.now();
    await stage.untilLeads(second);
    const tookMs = systemClock.now() - askedMs;
    assert.ok(tookMs < 2_000, `it took ${tookMs} ms`);
    const status = await stage.processes.get(first)?.status;
    assert.equal(status?.code, 0);
    await stage.untilHealthy();
    assert.ok((await stage.written(second, 0)).length > 0);
    await stage.check(2, "stopped");
  });
});

Deno.test("a real control plane: a leader frozen past its Lease writes nothing when it wakes", async () => {
  await play(async (stage) => {
    let leader = await stage.begin();
    await stage.untilLeads(leader);
    await stage.fleet.create();
    await stage.untilHealthy();
    // It wakes when the other one has just begun, is in the middle of it, or has finished.
    for (const [round, wakesAfterMs] of [0, 1_000, 8_000].entries()) {
      const next = await stage.begin();
      await stage.untilReady(next);
      stage.steps.clear();
      stage.selected.clear();
      await stage.fleet.update(`registry/web:${round + 2}`);
      await sleep(systemClock, 1_000);
      stage.signal(leader, "SIGSTOP");
      await stage.untilLeads(next);
      await sleep(systemClock, wakesAfterMs);
      const wokenMs = systemClock.now();
      stage.signal(leader, "SIGCONT");
      await stage.untilHealthy();
      await sleep(systemClock, 2_000);
      assert.deepEqual(await stage.written(leader, wokenMs), [], `after ${wakesAfterMs} ms`);
      assert.equal(await stage.holder(), next);
      await stage.check(round + 2, `woken after ${wakesAfterMs} ms`);
      // It is none the worse for it, but it is the next one's turn.
      stage.signal(leader, "SIGKILL");
      leader = next;
    }
  });
});

Deno.test("a real control plane: a controller of another namespace is found by its pods, or its Lease", async () => {
  const plane = await startControlPlane();
  const user = connect(plane, "user");
  try {
    const [home, other] = [await makeNamespace(user), await makeNamespace(user)];
    const lease = "argo-rollouts-controller-lock";
    const ports = { cluster: user, clock: systemClock, log: silentLog };
    const find = () =>
      new OtherControllers({ ...ports, namespace: home, lease, reach: { instanceId: "" } }).find();
    const labels = { app: "other" };
    await user.create(DEPLOYMENTS, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "release",
        namespace: other,
        labels: { "app.kubernetes.io/component": "rollouts-controller" },
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: "argo-rollouts", image: "registry/argo-rollouts:1" }] },
        },
      },
    });
    assert.equal(await find(), undefined, "it has no pods");

    const candidate = { lease: { namespace: other, name: lease }, identity: "them", times: TIMES };
    const election = new LeaderElection(candidate, { ...ports, random: systemRandom });
    await election.start();
    assert.match(await find() ?? "", /^Cannot start: controller "them" renews the Lease /);
    await election.stop();
    assert.equal(await find(), undefined, "it is renewed no more");

    const body = { spec: { replicas: 1 } };
    await user.patch(DEPLOYMENTS, { namespace: other, name: "release" }, { type: "merge", body });
    await until("its pod", async () => await find() !== undefined);
    assert.match(await find() ?? "", new RegExp(`^Cannot start: Deployment "${other}/release"`));
  } finally {
    await user.close();
    await plane.stop();
  }
});
