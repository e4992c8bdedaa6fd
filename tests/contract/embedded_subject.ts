/** The laws' view of the embedded cluster, on virtual time. */
import { ROLLOUT_KIND } from "../../core/api/schema/kinds.ts";
import { openDefinition } from "../../core/api/schema/open_definition.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../core/cluster/embedded/mod.ts";
import { makeNamespace, overdue } from "./expect.ts";
import { Observation } from "./observation.ts";
import type { Subject } from "./subject.ts";

const START_MS = Date.UTC(2026, 0, 1);

/** Runs everything that happens until this instant, and stops there. */
function runUntil(world: EmbeddedCluster, clock: VirtualClock, instantMs: number): void {
  for (;;) {
    world.settle();
    if (clock.runDue()) continue;
    const next = clock.nextDueMs();
    if (next === undefined || next > instantMs) break;
    clock.advanceTo(next);
  }
  clock.advanceTo(instantMs);
}

/** A subject over a new embedded cluster that serves Rollouts. */
export function embeddedSubject(seed: number): Subject {
  const clock = new VirtualClock(START_MS);
  const customResources = [openDefinition(ROLLOUT_KIND)];
  const world = new EmbeddedCluster({ clock, random: seededRandom(seed), customResources });
  const cluster = world.client("contract");
  return {
    name: "embedded cluster",
    cluster,
    namespace: () => makeNamespace(cluster),
    async eventually(what, probe, withinMs = 30_000) {
      const deadlineMs = clock.now() + withinMs;
      for (;;) {
        runUntil(world, clock, clock.now());
        const found = await probe();
        if (found !== undefined) return found;
        const next = clock.nextDueMs();
        if (next === undefined || next > deadlineMs) throw overdue(what, withinMs);
        clock.advanceTo(next);
      }
    },
    elapse(durationMs) {
      runUntil(world, clock, clock.now() + durationMs);
      return Promise.resolve();
    },
    watch(type, options) {
      const observation = new Observation();
      return observation.holds(cluster.watch(type, options, observation));
    },
    async forgottenVersion(type, ref) {
      const { metadata } = await cluster.get(type, ref);
      const body = { metadata: { annotations: { touched: "yes" } } };
      await cluster.patch(type, ref, { type: "merge", body });
      world.compact();
      return metadata.resourceVersion ?? "";
    },
  };
}
