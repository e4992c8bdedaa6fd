import assert from "node:assert/strict";
import { overlap, type Reach, reachOf } from "../../../../core/controller/leadership/reach.ts";
import { deployment } from "./installations.ts";

Deno.test("what a controller looks after is read from the arguments of its Deployment", () => {
  const rows: [args: string[], reach: Reach][] = [
    [[], { instanceId: "" }],
    [["--namespaced"], { instanceId: "", namespaces: ["other"] }],
    [["--namespaced=true"], { instanceId: "", namespaces: ["other"] }],
    [["--namespaced=false"], { instanceId: "" }],
    [["--namespaced", "--namespaced=false"], { instanceId: "" }],
    [["--namespaced", "--namespace=web"], { instanceId: "", namespaces: ["web"] }],
    [["--namespaced", "-n", "web,shop"], { instanceId: "", namespaces: ["web", "shop"] }],
    [["--namespace", "web"], { instanceId: "" }],
    [["--instance-id", "blue"], { instanceId: "blue" }],
    [["--loglevel=debug", "--instance-id=blue", "--namespaced"], {
      instanceId: "blue",
      namespaces: ["other"],
    }],
  ];
  for (const [args, reach] of rows) {
    assert.deepEqual(reachOf(deployment("other", { args })), reach, args.join(" "));
  }
});

Deno.test("the arguments are those of the controller's container, also after its command", () => {
  const one = deployment("other", {});
  const containers = [
    { name: "proxy", args: ["--instance-id=proxy"] },
    { name: "argo-rollouts", command: ["rollouts-controller", "--namespaced"], args: [] },
  ];
  const changed = { ...one, spec: { template: { spec: { containers } } } };
  assert.deepEqual(reachOf(changed), { instanceId: "", namespaces: ["other"] });
  assert.deepEqual(reachOf({ ...one, spec: {} }), { instanceId: "" });
});

Deno.test("two controllers overlap where both would look after an object", () => {
  const all = { instanceId: "" };
  const web = { instanceId: "", namespaces: ["web"] };
  const rows: [one: Reach, other: Reach, overlaps: boolean][] = [
    [all, all, true],
    [all, web, true],
    [web, all, true],
    [web, { instanceId: "", namespaces: ["shop", "web"] }, true],
    [web, { instanceId: "", namespaces: ["shop"] }, false],
    [all, { instanceId: "blue" }, false],
    [web, { instanceId: "blue", namespaces: ["web"] }, false],
  ];
  for (const [one, other, overlaps] of rows) {
    assert.equal(overlap(one, other), overlaps, JSON.stringify([one, other]));
  }
});
