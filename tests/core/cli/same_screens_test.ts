/** A Rollout looks on a cluster as it does in a simulation and in a file. */
import assert from "node:assert/strict";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { newestTimeMs } from "../../../core/simulate/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { credentialsText } from "./credentials_text.ts";
import { dumpServer } from "./dump_server.ts";
import { expectedExplanation } from "../../golden/explanations.ts";
import { endOf, simulated } from "./explain_world.ts";
import { run } from "./fake_terminal.ts";
import { inFolder } from "./process.ts";
import { JUDGED } from "./judged_situations.ts";
import { STUCK } from "./stuck_situations.ts";

/** When simulations begin. */
const START_MS = Date.parse("2030-01-01T00:00:00Z");

for (const { name, says: _, ...situation } of [...STUCK, ...JUDGED]) {
  Deno.test(`on a cluster get and explain show ${name} as a simulation and a file do`, async () => {
    const end = await endOf(situation);
    const items = end.items as unknown as KubeObject[];
    await using server = dumpServer(items);
    const ask = async (nowMs: number, ...args: string[]) => {
      let out = "";
      await inFolder({ config: credentialsText(server.url) }, async (folder) => {
        const ended = await run([...args, "-n", "shop", "--kubeconfig", `${folder}/config`], {
          clock: {
            now: () => nowMs,
            monotonic: () => systemClock.monotonic(),
            after: (delayMs, callback) => systemClock.after(delayMs, callback),
          },
        });
        assert.deepEqual([ended.code, ended.err], [0, ""]);
        out = ended.out;
      });
      return out;
    };
    const why = await ask(newestTimeMs(items), "explain", "web");
    assert.deepEqual(why.split("\n"), (await expectedExplanation(name)).split("\n"));
    if (situation.change !== undefined) return;
    const text = await simulated(situation);
    const screen = await ask(START_MS + end.endSeconds * 1000, "get", "rollout", "web");
    assert.ok(text.includes(screen.trimEnd()), `${screen}\nis not in\n${text}`);
  });
}
