/** Case 03 on a real control plane: the same core, the same script, the same expectations. */
import { playCase03 } from "../seeds/case_03.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { playOnPlane } from "./played_case.ts";
import { connect, serveRollouts } from "./real_cluster.ts";

/** Pods get ready in bursts here, and each burst is worth a status; Argo Rollouts: 70. */
const WRITES_MAX = 65;

Deno.test("a real control plane plays case 03 as it was recorded", async () => {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    await serveRollouts(user);
    await user.close();
    await playOnPlane(plane, playCase03, { writesMax: WRITES_MAX });
  } finally {
    await plane.stop();
  }
});
