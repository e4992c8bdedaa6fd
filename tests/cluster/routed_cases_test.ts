/** Routed canaries on a real control plane with Istio's own definitions: what was recorded happens again. */
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../core/api/names/resources.ts";
import { playCase04 } from "../seeds/case_04.ts";
import { playCase07 } from "../seeds/case_07.ts";
import { playCase10 } from "../seeds/case_10.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { playOnPlane } from "./played_case.ts";
import { connect, serveRollouts } from "./real_cluster.ts";
import { istioDefinitions } from "./routed_definitions.ts";

/**
 * Pods get ready in bursts here, and each burst is worth a status; what was written last is given
 * back. Argo Rollouts: 51, 42 and 84.
 */
const CASES = [
  { name: "04", play: playCase04, writesMax: 40 },
  { name: "07", play: playCase07, writesMax: 41 },
  { name: "10", play: playCase10, writesMax: 60 },
];

Deno.test("a real control plane plays routed cases as they were recorded", async (test) => {
  const plane = await startControlPlane();
  try {
    const user = connect(plane, "user");
    await serveRollouts(user);
    for (const definition of await istioDefinitions()) {
      await user.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    }
    await user.close();
    for (const { name, play, writesMax } of CASES) {
      await test.step(`case ${name}`, () => playOnPlane(plane, play, { writesMax }));
    }
  } finally {
    await plane.stop();
  }
});
