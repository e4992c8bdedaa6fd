/**
 * What an API server and the way to it may do in the middle of updates: restarts, watches that are
 * cut, history that is gone, storms of refusals. The updates finish, and nobody notices.
 */
import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../core/api/names/resources.ts";
import { seededRandom } from "../../core/cluster/embedded/random.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { sleep } from "../../core/ports/mod.ts";
import { makeNamespace } from "../contract/expect.ts";
import { Wire } from "../core/cluster/kube/wire.ts";
import { ApiClient } from "./control_plane/api_client.ts";
import { type ControlPlane, startControlPlane } from "./control_plane/boot.ts";
import type { ControllerProgram } from "./controller_program.ts";
import { busyAnswer, FaultProxy, gatewayAnswer, type Misdeed } from "./fault_proxy.ts";
import { type Stage, untilSettled, updateThrough, withProgram } from "./fault_stage.ts";
import { MixedFleet } from "./mixed_fleet.ts";
import { OutlivedDeadline } from "./outlived_deadline.ts";
import { playArgoRole } from "./argo_role.ts";
import { connect, serveRollouts } from "./real_cluster.ts";
import { istioDefinitions } from "./routed_definitions.ts";
import { CONTROLLER_USER } from "./service_account.ts";
import { playScaling } from "./scaled_rollouts.ts";

/**
 * Killed when all has just begun, asked to end in the middle, and then away for longer than the
 * deadline of an update; the compaction kills it later.
 */
const RESTARTS = [
  { afterMs: 300, graceMs: 0, awayMs: 0 },
  { afterMs: 2_000, graceMs: 3_000, awayMs: 16_000 },
];

async function restarts(stage: Stage): Promise<void> {
  await withProgram(stage, async (program) => {
    for (const { afterMs, graceMs, awayMs } of RESTARTS) {
      await updateThrough(stage, program, {
        what: `the API server is ended after ${afterMs} ms, within ${graceMs} ms`,
        async happen() {
          const outliving = awayMs === 0 ? undefined : new OutlivedDeadline(stage);
          await outliving?.begin();
          await sleep(systemClock, afterMs);
          await stage.plane.restartServer(graceMs, awayMs);
          await outliving?.judge();
        },
      });
    }
  });
}

const random = seededRandom(5);
const chance = (share: number) => random.next() < share;

/** A controller whose way to the API server leads over a proxy that can be told to misbehave. */
async function overProxy(
  stage: Stage,
  play: (way: { proxy: FaultProxy; wire: Wire; program: ControllerProgram }) => Promise<void>,
  flags: readonly string[] = [],
): Promise<void> {
  await using proxy = await FaultProxy.start(stage.plane);
  await using wire = new Wire(proxy.port);
  await withProgram(stage, (program) => play({ proxy, wire, program }), { url: wire.url, flags });
}

/** What a bad way does to a request: nothing to most of them. */
function badWay(request: Request): Misdeed | undefined {
  if (chance(0.05)) return { answer: gatewayAnswer(502) };
  if (chance(0.05)) return { answer: gatewayAnswer(chance(0.5) ? 503 : 504) };
  if (request.method !== "GET" && chance(0.1)) return "loseAnswer";
  return undefined;
}

/** Cuts and stalls watches for that time. */
async function disturb(proxy: FaultProxy, wire: Wire, durationMs: number): Promise<void> {
  proxy.mischief = badWay;
  const endMs = systemClock.monotonic() + durationMs;
  while (systemClock.monotonic() < endMs) {
    for (const watch of proxy.watches) {
      if (chance(0.1)) proxy.stall(watch, 200 + 2_000 * random.next());
      else if (chance(0.3)) proxy.cut(watch, chance(0.5));
    }
    if (chance(0.1)) wire.cut();
    await sleep(systemClock, 200 + 600 * random.next());
  }
  proxy.mischief = undefined;
}

async function cuts(stage: Stage): Promise<void> {
  await overProxy(stage, async ({ proxy, wire, program }) => {
    const until = systemClock.monotonic() + 60_000;
    while (systemClock.monotonic() < until) {
      await updateThrough(stage, program, {
        what: "watches are cut",
        happen: () => disturb(proxy, wire, 20_000),
      });
    }
    for (const [what, count] of Object.entries(proxy.done)) assert.ok(count > 0, what);
  });
}

/** The history of etcd is thrown away while no watch is open. */
async function compaction(stage: Stage): Promise<void> {
  await overProxy(stage, async ({ proxy, program }) => {
    await updateThrough(stage, program, {
      what: "history is gone",
      async happen() {
        await sleep(systemClock, 1_000);
        const isWatch = (request: Request) => new URL(request.url).searchParams.has("watch");
        proxy.mischief = (request) => isWatch(request) ? { answer: gatewayAnswer(503) } : undefined;
        for (const watch of proxy.watches) proxy.cut(watch, false);
        // What happens meanwhile is heard of by no watch; then it is history.
        await sleep(systemClock, 3_000);
        await compact(stage.plane);
        // Its caches forget, too.
        await stage.plane.restartServer(0);
        proxy.mischief = undefined;
        await program.untilSaid("watch history is gone, listing again");
      },
    });
    // Who takes up leading lists everything anyway, and the restart may take long.
  }, ["--leader-elect=false"]);
}

/** Throws away all that etcd knows of the past. */
async function compact({ etcdUrl }: ControlPlane): Promise<void> {
  const ask = async (path: string, body: unknown) => {
    const init = { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${etcdUrl}/v3/${path}`, init);
    const answer = await response.json();
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  };
  const { header } = await ask("kv/range", { key: btoa("x") });
  await ask("kv/compaction", { revision: header.revision, physical: true });
}

/** Most requests are refused for half a minute, with a time after which to come back. */
async function storm(stage: Stage): Promise<void> {
  await overProxy(stage, async ({ proxy, program }) => {
    const refused = new Map<string, number>();
    const early: string[] = [];
    let requests = 0;
    await updateThrough(stage, program, {
      what: "a storm of 429",
      async happen() {
        proxy.mischief = (request) => {
          requests++;
          const asked = `${request.method} ${new URL(request.url).pathname}`;
          const nowMs = systemClock.monotonic();
          const notBeforeMs = refused.get(asked) ?? 0;
          // The same object may be asked for by several; writes of it are one after another.
          if (request.method === "PATCH" && nowMs < notBeforeMs - 50) early.push(asked);
          refused.delete(asked);
          if (!chance(0.7)) return undefined;
          const seconds = chance(0.5) ? 1 : 2;
          refused.set(asked, nowMs + seconds * 1_000);
          return { answer: busyAnswer(seconds) };
        };
        await sleep(systemClock, 30_000);
        proxy.mischief = undefined;
      },
    });
    assert.deepEqual(early, [], "each write waits as long as it is asked to");
    assert.ok(requests < 1_500, `${requests} requests within 30 s`);
    await updateThrough(stage, program, {
      what: "the server's own priority and fairness leaves the controller no share",
      happen: () => refuseAll(stage, 6_000),
    });
    assert.ok(proxy.busy > 0, "it refused some");
    // 17 with each waiting as asked, 286 with none that does.
    assert.ok(proxy.busy < 150, `it refused ${proxy.busy} within 6 s`);
  });
}

/** Has the API server refuse all that the controller asks for that time. */
async function refuseAll({ plane }: Stage, durationMs: number): Promise<void> {
  const client = new ApiClient(plane);
  const root = "/apis/flowcontrol.apiserver.k8s.io/v1";
  const metadata = { name: "no-share" };
  const level = { nominalConcurrencyShares: 0, borrowingLimitPercent: 0 };
  const all = {
    ...{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    ...{ namespaces: ["*"], clusterScope: true },
  };
  const [, , namespace, name] = CONTROLLER_USER.split(":");
  try {
    await client.expect("POST", `${root}/prioritylevelconfigurations`, {
      metadata,
      spec: { type: "Limited", limited: { ...level, limitResponse: { type: "Reject" } } },
    });
    await client.expect("POST", `${root}/flowschemas`, {
      metadata,
      spec: {
        priorityLevelConfiguration: { name: metadata.name },
        matchingPrecedence: 2,
        rules: [{
          subjects: [{ kind: "ServiceAccount", serviceAccount: { namespace, name } }],
          resourceRules: [all],
        }],
      },
    });
    await sleep(systemClock, durationMs);
    for (const plural of ["flowschemas", "prioritylevelconfigurations"]) {
      await client.expect("DELETE", `${root}/${plural}/${metadata.name}`);
    }
  } finally {
    client.close();
  }
}

const FAULTS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  "the API server is restarted": restarts,
  "watches are cut, stalled and broken for a minute": cuts,
  "etcd is compacted while no watch is open": compaction,
  "most requests are refused for 30 s": storm,
  "an autoscaler scales, and a budget refuses evictions": playScaling,
  "the role is that of Argo Rollouts": playArgoRole,
};

/** Only those with this word. */
const [word] = Deno.args;

Deno.test("updates come through what an API server and the way to it may do", async (test) => {
  await using plane = await startControlPlane();
  const user = connect(plane, "user");
  try {
    await serveRollouts(user);
    for (const definition of await istioDefinitions()) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    const namespace = await makeNamespace(user);
    const stage = { plane, user, namespace, fleet: new MixedFleet(user, namespace) };
    await stage.fleet.create();
    await overProxy(stage, () => untilSettled(stage));
    for (const [name, play] of Object.entries(FAULTS)) {
      if (word !== undefined && !name.includes(word)) continue;
      await test.step(name, () => play(stage));
    }
  } finally {
    await user.close();
  }
});
