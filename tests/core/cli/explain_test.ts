import assert from "node:assert/strict";
import { parse } from "yaml";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { refusal } from "../cluster/kube/fake_server.ts";
import { EmbeddedServer } from "./embedded_server.ts";
import { expectedExplanation } from "../../golden/explanations.ts";
import { dumpOf, explained } from "./explain_world.ts";
import { run } from "./fake_terminal.ts";
import { inFolder } from "./process.ts";
import { ANALYSED, BROKEN, STUCK } from "./stuck_situations.ts";
import { heldRollout, VerbServer } from "./verb_server.ts";
import { web } from "./web_manifest.ts";

for (const { name, says, ...situation } of STUCK) {
  Deno.test(`explain tells the cause and the way out of ${name}`, async () => {
    const text = await explained(situation);
    for (const line of says) assert.match(text, line);
    assert.deepEqual(text.split("\n"), (await expectedExplanation(name)).split("\n"));
  });
}

Deno.test("explain of a narrow terminal goes on below, and has colours only there", async () => {
  const situation = { script: BROKEN, untilSeconds: 40 };
  const files = { dump: await dumpOf(situation) };
  const { out } = await run(["explain", "-f", "dump"], {
    files,
    screen: { columns: 50, rows: 20 },
  });
  for (const line of out.split("\n")) assert.ok([...line].length <= 50, line);
  assert.match(out, /^On: {9}ReplicaSet web-\w+ \(revision\n {12}2\): 1 of 1 pod is not ready:\n/m);
});

Deno.test("explain makes a pass on a cluster and writes nothing", async () => {
  await using server = new EmbeddedServer();
  await server.create(ROLLOUTS, parse(web()) as KubeObject);
  await server.create(ROLLOUTS, parse(web({ name: "other" })) as KubeObject);
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const args = ["explain", "web", "--kubeconfig", `${folder}/config`];
    const { code, out, err } = await run(args, { clock: systemClock });
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^Would do: +create ReplicaSet web-\w+$/m);
    assert.match(out, /^To do: +if this stays so, no controller is at work/m);
    assert.doesNotMatch(out, /other/);
  });
  assert.deepEqual(server.requests.filter((request) => !request.startsWith("GET ")), []);
});

Deno.test("explain says that a file lacks objects, where the controller had them", async () => {
  const list = JSON.parse(await dumpOf(ANALYSED)) as { items: { kind: string }[] };
  const items = list.items.filter(({ kind }) => kind !== "AnalysisTemplate");
  const files = { dump: JSON.stringify({ ...list, items }) };
  const { code, err } = await run(["explain", "-f", "dump"], { files });
  assert.equal(code, 0);
  assert.equal(
    err,
    "Warning: the controller found nothing wrong: " +
      "the files lack objects that the Rollout names\n",
  );
});

Deno.test("explain says what it may not read", async () => {
  await using server = new VerbServer({
    ...heldRollout("web"),
    "/api/v1/namespaces/shop/services": refusal(403, "Forbidden"),
  });
  const { code, err } = await server.run(["explain", "web"]);
  assert.deepEqual([code, err], [1, "Error: told: Forbidden\n"]);
});

const MISTAKES: [args: string[], error: RegExp][] = [
  [["explain"], /^the usage is: sluice explain ROLLOUT \(see sluice explain --help\)$/],
  [["explain", "-f", "none"], /^Cannot read "none": no such file$/],
  [
    ["explain", "wbe", "-f", "dump"],
    /^there is no Rollout "wbe" in the files; did you mean "web"\?$/,
  ],
  [["explain", "web", "-n", "prod", "-f", "dump"], /^there is no Rollout "web" in the files$/],
];
for (const [args, error] of MISTAKES) {
  Deno.test(`a mistake is one line: sluice ${args.join(" ")}`, async () => {
    const { code, out, err } = await run(args, {
      files: { dump: await dumpOf({ untilSeconds: 5 }) },
    });
    assert.deepEqual([code, out], [1, ""]);
    assert.match(/^Error: (.*)\n$/.exec(err)?.[1] ?? err, error);
  });
}
