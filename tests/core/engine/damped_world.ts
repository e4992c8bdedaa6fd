/** What tests of damping share. */
import { EngineWorld } from "./engine_world.ts";
import { gear, GEARS } from "./objects.ts";

export const MINUTE_MS = 60_000;

export async function withGears(...names: string[]): Promise<EngineWorld> {
  const world = new EngineWorld();
  for (const name of names) world.cluster.put(GEARS, gear(name, { spec: { teeth: 8 } }));
  await world.start("m");
  return world;
}

/** The most writes in any minute, for so long; the watches tell as it goes. */
export async function mostWritesPerMinute(world: EngineWorld, minutes: number): Promise<number> {
  const atMs: number[] = [];
  let seen = world.cluster.writes().length;
  for (let second = 0; second < minutes * 60; second++) {
    world.tell();
    await world.settle();
    const count = world.cluster.writes().length;
    atMs.push(...Array<number>(count - seen).fill(second * 1000));
    seen = count;
    await world.advance(1_000);
  }
  const windows = atMs.map((from) =>
    atMs.filter((ms) => ms >= from && ms < from + MINUTE_MS).length
  );
  return Math.max(0, ...windows);
}
