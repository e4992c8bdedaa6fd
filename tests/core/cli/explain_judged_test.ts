/** What is explained of Rollouts that routers steer, and analyses and experiments judge. */
import assert from "node:assert/strict";
import { expectedExplanation } from "../../golden/explanations.ts";
import { dumpOf, explained } from "./explain_world.ts";
import { run } from "./fake_terminal.ts";
import {
  ANALYSIS,
  found,
  ISTIO,
  JUDGED,
  routed,
  services,
  TEMPLATE,
  UPDATE,
  VIRTUAL_SERVICE,
} from "./judged_situations.ts";

for (const { name, says, ...situation } of JUDGED) {
  Deno.test(`explain tells the cause and the way out of ${name}`, async () => {
    const text = await explained(situation);
    for (const line of says) assert.match(text, line);
    assert.deepEqual(text.split("\n"), (await expectedExplanation(name)).split("\n"));
  });
}

for (const kind of ["AnalysisTemplate", "VirtualService", "Service"]) {
  Deno.test(`explain of files without the ${kind} says that they lack it, not that it is wrong`, async () => {
    const list = JSON.parse(
      await dumpOf({
        strategy: routed(ISTIO, `[{setWeight: 20}, {analysis: ${ANALYSIS}}]`),
        objects: services("stable", "canary") + VIRTUAL_SERVICE + "---\n" + TEMPLATE,
        data: found("Successful"),
        script: [UPDATE],
        untilSeconds: 60,
      }),
    ) as { items: { kind: string }[] };
    const items = list.items.filter((item) => item.kind !== kind);
    const files = { dump: JSON.stringify({ ...list, items }) };
    const { code, out } = await run(["explain", "-f", "dump"], { files });
    assert.equal(code, 0);
    assert.match(out, /^Waits for: +it cannot be told: the files lack what the Rollout names$/m);
    assert.match(out, /^On: +Rollout web: spec\..* not found$/m);
    assert.match(out, /^To do: +read that as well: kubectl get /m);
    assert.doesNotMatch(out, /invalid/i);
  });
}
