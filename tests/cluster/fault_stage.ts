/** A fleet on a real control plane, and updates of it while something happens. */
import assert from "node:assert/strict";
import type { KubeCluster } from "../../core/cluster/kube/mod.ts";
import type { ControlPlane } from "./control_plane/boot.ts";
import { ControllerProgram, type ProgramOptions } from "./controller_program.ts";
import type { MixedFleet } from "./mixed_fleet.ts";
import { until } from "./real_cluster.ts";
import { Witness } from "./witness.ts";

/** A fleet at rest; each play starts the controller that looks after it. */
export interface Stage {
  readonly plane: ControlPlane;
  readonly user: KubeCluster;
  readonly namespace: string;
  readonly fleet: MixedFleet;
}

/** Plays with the program at work, which has to end in order. */
export async function withProgram(
  stage: Stage,
  play: (program: ControllerProgram) => Promise<void>,
  options: Partial<ProgramOptions> = {},
): Promise<void> {
  const { plane, namespace } = stage;
  const program = await ControllerProgram.start(plane, { namespace, ...options });
  try {
    await program.untilSaid("controller started");
    await play(program);
  } finally {
    assert.equal(await program.stop(), 0);
  }
}

export async function untilSettled({ fleet }: Stage): Promise<void> {
  // The API server may be away.
  await until("all to be Healthy", () => fleet.isSettled().catch(() => false), 150_000);
}

/** Updates all, has something happen meanwhile, and looks at everything until all is well. */
export async function updateThrough(
  stage: Stage,
  program: ControllerProgram,
  { what, happen }: { what: string; happen: () => Promise<unknown> },
): Promise<void> {
  const witness = new Witness(stage);
  await stage.fleet.update();
  await happen();
  await untilSettled(stage);
  await witness.judge(what);
  const errors = program.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors, [], what);
}
