import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { undo } from "../../../core/command/mod.ts";
import { ApiError } from "../../../core/ports/api_error.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { addSet, templateWith, WEB, type World, worldWith } from "./world.ts";

/** Sets of the revisions 1, 2 and 10; the present template is that of revision 10. */
async function threeRevisions(): Promise<World> {
  const world = await worldWith({ spec: { template: templateWith("web:10") } });
  for (const revision of [2, 10, 1]) await addSet(world, { revision, image: `web:${revision}` });
  return world;
}

async function imageOf(world: World): Promise<string | undefined> {
  return (await world.rollout()).spec.template?.spec?.containers?.[0]?.image;
}

const RESTORED: [toRevision: number | undefined, image: string][] = [
  [undefined, "web:2"],
  [0, "web:2"],
  [1, "web:1"],
];
for (const [toRevision, image] of RESTORED) {
  Deno.test(`undo to ${toRevision ?? "the revision before"} writes that set's template`, async () => {
    const world = await threeRevisions();
    const sentence = await undo(world.client, WEB, toRevision === undefined ? {} : { toRevision });
    assert.equal(sentence, "rollout 'web' undo");
    assert.equal(await imageOf(world), image);
    const { labels } = (await world.rollout()).spec.template?.metadata ?? {};
    assert.deepEqual(labels, { app: "web" });
    assert.deepEqual(world.writes, ["patch rollouts"]);
  });
}

Deno.test("undo to the present template writes nothing, and names the revision as asked for", async () => {
  const world = await threeRevisions();
  assert.equal(
    await undo(world.client, WEB, { toRevision: 10 }),
    "skipped rollback (current template already matches revision 10)",
  );
  await world.client.patch(ROLLOUTS, WEB, {
    type: "merge",
    body: { spec: { template: templateWith("web:2") } },
  });
  world.writes.length = 0;
  assert.equal(
    await undo(world.client, WEB),
    "skipped rollback (current template already matches revision 0)",
  );
  assert.deepEqual(world.writes, []);
});

Deno.test("undo to a revision that is not there is refused", async () => {
  const world = await threeRevisions();
  await assert.rejects(undo(world.client, WEB, { toRevision: 7 }), {
    name: "CommandRefused",
    message: "unable to find specified revision 7 in history",
  });
  assert.deepEqual(world.writes, []);
});

Deno.test("undo without an earlier revision is refused; sets of others are none", async () => {
  const world = await worldWith();
  await addSet(world, { revision: 1, image: "web:1" });
  await addSet(world, { revision: 2, image: "web:2", owner: "somebody-else" });
  await addSet(world, { revision: 3, image: "web:3", app: "other" });
  await addSet(world, { revision: 4, image: "web:4", isControlled: false });
  await assert.rejects(undo(world.client, WEB), {
    name: "CommandRefused",
    message: 'no revision found for rollout "web"',
  });
});

Deno.test("undo of a Rollout without a selector takes all sets that it controls", async () => {
  const world = await threeRevisions();
  await addSet(world, { revision: 11, image: "web:11", app: "other" });
  const patch = [{ op: "remove", path: "/spec/selector" }];
  await world.client.patch(ROLLOUTS, WEB, { type: "json", body: patch });
  await undo(world.client, WEB, { toRevision: 11 });
  assert.equal(await imageOf(world), "web:11");
});

Deno.test("undo that the server refuses says which revision was to be restored", async () => {
  const world = await threeRevisions();
  const refusing = withRefusal(world.client, "patch");
  await assert.rejects(undo(refusing, WEB, { toRevision: 1 }), {
    name: "CommandRefused",
    message: "failed restoring revision 1: no",
  });
});

Deno.test("undo that cannot see the sets says whose they are", async () => {
  const world = await threeRevisions();
  await assert.rejects(undo(withRefusal(world.client, "list"), WEB), {
    name: "CommandRefused",
    message: "failed to retrieve replica sets from rollout web: no",
  });
});

/** The cluster, which refuses one verb. */
function withRefusal(client: Cluster, verb: "patch" | "list"): Cluster {
  const refuse = () =>
    Promise.reject(new ApiError({ code: 403, reason: "Forbidden", message: "no" }));
  return Object.assign(Object.create(client) as Cluster, {
    get: client.get.bind(client),
    list: client.list.bind(client),
    patch: client.patch.bind(client),
    [verb]: refuse,
  });
}
