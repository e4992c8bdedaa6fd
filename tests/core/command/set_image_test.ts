import assert from "node:assert/strict";
import type { Container, Rollout } from "../../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { setImage } from "../../../core/command/mod.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";
import { emptyWorld, WEB, worldWith } from "./world.ts";

/** `name=image` of every container. */
function images({ spec }: Rollout): string[] {
  const { initContainers = [], containers = [] } = spec.template?.spec as {
    initContainers?: Container[];
    containers?: Container[];
  };
  return [...initContainers, ...containers].map(({ name, image }) => `${name}=${image}`);
}

const ROWS: [container: string, images: string[]][] = [
  ["web", ["setup=setup:1", "web=new:2", "proxy=proxy:1"]],
  ["setup", ["setup=new:2", "web=web:1", "proxy=proxy:1"]],
  ["*", ["setup=new:2", "web=new:2", "proxy=new:2"]],
];

for (const [container, expected] of ROWS) {
  Deno.test(`set image of ${container} changes images of that name and nothing else`, async () => {
    const world = await worldWith({ status: { currentStepIndex: 1 } });
    const before = await world.rollout();
    const sentence = await setImage(world.client, WEB, { container, image: "new:2" });
    assert.equal(sentence, 'rollout "web" image updated');
    const after = await world.rollout();
    assert.deepEqual(images(after), expected);
    assert.deepEqual(withoutImages(after), withoutImages(before));
    assert.deepEqual(after.status, before.status);
  });
}

/** The spec with every image blanked: unknown fields of containers stay in sight. */
function withoutImages({ spec }: Rollout): unknown {
  return JSON.parse(JSON.stringify(spec, (key, value) => key === "image" ? "" : value));
}

Deno.test("an image of a container that is not there is refused, and nothing is written", async () => {
  const world = await worldWith();
  await assert.rejects(setImage(world.client, WEB, { container: "side", image: "new:2" }), {
    name: "CommandRefused",
    message: 'unable to find container named "side"',
  });
  assert.deepEqual(world.writes, []);
});

Deno.test("an image of a Rollout that is not there is refused", async () => {
  await assert.rejects(
    setImage(emptyWorld().client, WEB, { container: "web", image: "new:2" }),
    { name: "CommandRefused" },
  );
});

/** The cluster, where somebody else writes between each read and what follows it, `times` times. */
function withRival(client: Cluster, times: number): Cluster {
  let left = times;
  return Object.assign(Object.create(client) as Cluster, {
    get: async (...[type, ref]: Parameters<Cluster["get"]>) => {
      const object = await client.get(type, ref);
      if (left-- > 0) {
        const body = { metadata: { annotations: { rival: String(left) } } };
        await client.patch(ROLLOUTS, WEB, { type: "merge", body });
      }
      return object;
    },
    update: (...args: Parameters<Cluster["update"]>) => client.update(...args),
  });
}

Deno.test("set image tries again when somebody else wrote in between, and keeps their change", async () => {
  const world = await worldWith();
  await setImage(withRival(world.client, 4), WEB, { container: "web", image: "new:2" });
  const after = await world.rollout();
  assert.deepEqual(images(after), ["setup=setup:1", "web=new:2", "proxy=proxy:1"]);
  assert.equal(after.metadata.annotations?.["rival"], "0");
});

Deno.test("set image gives up after five tries", async () => {
  const world = await worldWith();
  await assert.rejects(
    setImage(withRival(world.client, 5), WEB, { container: "web", image: "new:2" }),
    { reason: "Conflict" },
  );
});
