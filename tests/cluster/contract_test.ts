/** The laws of the cluster port on a real control plane; runs beside the embedded cluster's. */
import assert from "node:assert/strict";
import { ROLLOUT_KIND } from "../../core/api/schema/kinds.ts";
import { openDefinition } from "../../core/api/schema/open_definition.ts";
import type { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { kubeSubject } from "../contract/kube_subject.ts";
import type { Law } from "../contract/law.ts";
import { allLaws } from "../contract/laws/mod.ts";
import { startControlPlane } from "./control_plane/boot.ts";
import { connect, serveRollouts } from "./real_cluster.ts";

/** Laws under way at once: most of their time is waiting. */
const LAWS_AT_ONCE = 12;

interface Finding {
  readonly law: Law;
  readonly error?: unknown;
}

/** Only the laws whose names hold this word, if one is given: `deno test … -- WORD`. */
function chosenLaws(): readonly Law[] {
  const [word = ""] = Deno.args;
  return allLaws.filter(({ semantic, law }) => `${semantic}: ${law}`.includes(word));
}

async function judge(cluster: KubeCluster, law: Law): Promise<Finding> {
  const { subject, stop } = kubeSubject(cluster, systemClock);
  try {
    await law.check(subject);
    return { law };
  } catch (error) {
    return { law, error };
  } finally {
    stop();
  }
}

/** Judges all laws, so many at once; findings in the order of the laws. */
async function judgeAll(cluster: KubeCluster, laws: readonly Law[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const queue = laws.entries();
  const work = async () => {
    for (const [index, law] of queue) findings[index] = await judge(cluster, law);
  };
  await Promise.all(Array.from({ length: LAWS_AT_ONCE }, work));
  return findings;
}

Deno.test("the real API server keeps every law of the cluster port", async (test) => {
  await using plane = await startControlPlane();
  const cluster = connect(plane, "sluice");
  try {
    await serveRollouts(cluster, openDefinition(ROLLOUT_KIND));
    const findings = await judgeAll(cluster, chosenLaws());
    for (const { law, error } of findings) {
      await test.step(`${law.semantic}: ${law.law}`, () => {
        if (error !== undefined) throw error;
      });
    }
    const kept = findings.filter(({ error }) => error === undefined).length;
    await test.step(`${kept} of ${findings.length} laws are kept`, () => {
      assert.equal(kept, findings.length);
    });
  } finally {
    await cluster.close();
  }
});
