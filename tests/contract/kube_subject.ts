/** The laws' view of a real API server, on real time. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { type Clock, type Cluster, isGone, sleep } from "../../core/ports/mod.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { makeNamespace, overdue } from "./expect.ts";
import { Observation } from "./observation.ts";
import type { Subject } from "./subject.ts";

const POLL_MS = 60;
/** The server's watch caches keep every event of at least the last 75 s. */
const MEMORY_MS = 76_000;
const BURST = 50;

interface Server {
  readonly cluster: Cluster;
  readonly clock: Clock;
}

/**
 * Brings the server to forget the version "1" of a kind: a watch cache that was filled later never
 * knew it (custom kinds), another one must overflow with events, the oldest of which is old enough.
 */
async function forget(server: Server, type: ResourceType, ref: ObjectRef): Promise<string> {
  const { cluster, clock } = server;
  const oldest = "1";
  if (await isForgotten(server, type, oldest)) return oldest;
  await sleep(clock, MEMORY_MS);
  for (let round = 0; !await isForgotten(server, type, oldest); round++) {
    if (round === 50) throw new Error(`Cannot make the server forget ${type.plural}`);
    for (let count = 0; count < BURST; count++) {
      const annotations = { count: `${round}-${count}` };
      await cluster.patch(type, ref, { type: "merge", body: { metadata: { annotations } } });
    }
  }
  return oldest;
}

async function isForgotten(
  { cluster, clock }: Server,
  type: ResourceType,
  resourceVersion: string,
): Promise<boolean> {
  const observation = new Observation();
  const options = { namespace: "default", resourceVersion, timeoutSeconds: 1 };
  observation.holds(cluster.watch(type, options, observation));
  while (observation.ends === 0) await sleep(clock, POLL_MS);
  return observation.error !== undefined && isGone(observation.error);
}

/** Asks until there is an answer. */
export async function eventually<Found>(
  clock: Clock,
  { what, probe, withinMs }: {
    what: string;
    probe: () => Promise<Found | undefined>;
    withinMs: number;
  },
): Promise<Found> {
  const deadline = clock.monotonic() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (clock.monotonic() > deadline) throw overdue(what, withinMs);
    await sleep(clock, POLL_MS);
  }
}

/** A subject over this cluster, and the end of all its watches. */
export function kubeSubject(cluster: Cluster, clock: Clock): { subject: Subject; stop(): void } {
  const observations: Observation[] = [];
  const subject: Subject = {
    name: "real API server",
    cluster,
    namespace: () => makeNamespace(cluster),
    eventually: (what, probe, withinMs = 30_000) => eventually(clock, { what, probe, withinMs }),
    elapse: (durationMs) => sleep(clock, durationMs),
    watch(type, options) {
      const observation = new Observation();
      observations.push(observation);
      return observation.holds(cluster.watch(type, options, observation));
    },
    forgottenVersion: (type, ref) => forget({ cluster, clock }, type, ref),
  };
  return { subject, stop: () => observations.forEach((observation) => observation.stop()) };
}
