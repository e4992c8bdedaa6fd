/** Rights that are missing are told once, and shown in /readyz until they are there. */
import assert from "node:assert/strict";
import { DEPLOYMENTS, PODS } from "../../../core/api/names/resources.ts";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { callOf } from "../../../core/cluster/kube/call.ts";
import { readinessOf, readinessText } from "../../../core/controller/readiness.ts";
import { Rights } from "../../../core/controller/rights.ts";
import { RecordingLog } from "../engine/recording_log.ts";

const call = (verb: "patch" | "list", type: typeof PODS, name?: string) =>
  callOf(verb, { type, namespace: "shop", name }, { query: {} });
const WHY = 'pods "web-1" is forbidden: User "sluice" cannot patch resource "pods"';

function newRights() {
  const log = new RecordingLog();
  const rights = new Rights({ clock: new VirtualClock(Date.parse("2030-01-01T00:00:00Z")), log });
  const screen = () =>
    readinessText(readinessOf({ isStopping: false, caches: [], rights: rights.missing }));
  return { log, rights, screen };
}

Deno.test("a right that is missing is told once, whatever the object, and shown while it is", () => {
  const { log, rights, screen } = newRights();
  for (const name of ["web-1", "web-2"]) rights.notPermitted(call("patch", PODS, name), WHY);
  rights.notPermitted(call("patch", DEPLOYMENTS, "web"), "deployments is forbidden");
  const told = log.at("warn").map(({ fields }) => fields["right"]);
  assert.deepEqual(told, ["patch pods", "patch deployments.apps"]);
  assert.equal(
    screen(),
    [
      "ready",
      `going on without the right to patch pods since 2030-01-01T00:00:00Z: ${WHY}`,
      "going on without the right to patch deployments.apps since 2030-01-01T00:00:00Z: " +
      "deployments is forbidden",
      "",
    ].join("\n"),
  );
  rights.answered(call("patch", PODS, "web-1"), { status: 200 });
  assert.deepEqual(rights.missing.map(({ what }) => what), ["patch deployments.apps"]);
  assert.deepEqual(log.at("info").map(({ fields }) => fields["right"]), ["patch pods"]);
});

Deno.test("what may not be listed is told by the caches, not twice", () => {
  const { log, rights } = newRights();
  rights.notPermitted(call("list", DEPLOYMENTS), "deployments is forbidden");
  assert.deepEqual(rights.missing, []);
  assert.deepEqual(log.lines, []);
  rights.notPermitted(call("list", PODS), "pods is forbidden");
  assert.deepEqual(rights.missing.map(({ what }) => what), ["list pods"], "no cache has them");
});
