import assert from "node:assert/strict";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { Engine, EventRecorder } from "../../../core/engine/mod.ts";
import { silentLog as log } from "../../../core/ports/log.ts";
import { NoRestError } from "../../../core/simulate/mod.ts";
import { settleInstant } from "../../../core/simulate/simulated_world.ts";

Deno.test("an instant that never ends is given up, and says so", async () => {
  const clock = new VirtualClock(0);
  const cluster = new EmbeddedCluster({ clock, random: seededRandom(1) });
  const client = cluster.client("test");
  const recorder = new EventRecorder({ cluster: client, clock, log, component: "test" });
  const engine = new Engine({ cluster: client, clock, log, recorder });
  let count = 0;
  const again = () => {
    count++;
    // Each round leaves a timer for the next, at the same moment.
    queueMicrotask(() => clock.after(0, again));
  };
  clock.after(0, again);
  await assert.rejects(settleInstant({ clock, cluster, engine }), NoRestError);
  assert.ok(count > 1_000);
});
