import assert from "node:assert/strict";
import { PODS, REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { logPass } from "../../../core/controller/pass_log.ts";
import { keyOf, type PassReport } from "../../../core/engine/mod.ts";
import { RecordingLog } from "../engine/recording_log.ts";

const patch = {
  kind: "write",
  verb: "patch",
  type: REPLICA_SETS,
  ref: { namespace: "shop", name: "web-1" },
  patch: { type: "merge", body: { metadata: { annotations: { password: "hunter2" } } } },
};
const evict = { ...patch, verb: "evict", type: PODS, ref: { name: "web-1-a" } };
const route = { kind: "route", router: "istio", intent: {}, seen: {} };

function logged(applied: Record<string, unknown>, status = "written") {
  const log = new RecordingLog();
  logPass(
    log,
    {
      controller: "rollout",
      key: keyOf("shop", "web"),
      why: "step 1 of 5",
      durationMs: 12.3456,
      status,
      applied: { done: [], writes: 0, ...applied },
    } as unknown as PassReport,
  );
  return log;
}

Deno.test("a pass that writes is one line: why, whom it is about, what was done, how long it took", () => {
  const log = logged({ done: [patch, evict, route], writes: 3 });
  assert.deepEqual(log.at("info"), [{
    level: "info",
    message: "step 1 of 5",
    fields: {
      namespace: "shop",
      rollout: "web",
      effects: "patch replicasets web-1; evict pods web-1-a; route by istio",
      failed: undefined,
      writes: 3,
      status: "written",
      durationMs: 12.3,
    },
  }]);
  assert.doesNotMatch(JSON.stringify(log.at("info")), /hunter2/);
});

Deno.test("a pass that fails says at what; one that changes nothing is for those who want everything", () => {
  const failure = { effect: patch, error: new Error("no") };
  assert.equal(
    logged({ failure }, "none").at("info")[0]?.fields["failed"],
    "patch replicasets web-1",
  );
  const quiet = logged({}, "same");
  assert.deepEqual([quiet.at("info").length, quiet.at("debug").length], [0, 1]);
});
