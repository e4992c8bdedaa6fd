/** Two hundred Rollouts that finish in one second, and a Slack that takes five messages a second. */
import assert from "node:assert/strict";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { NAMESPACE, NotifiedWorld } from "./notified_world.ts";
import { PlainServer } from "./plain_server.ts";

const COUNT = 200;
const CHANNELS = 10;
const PER_SECOND = 5;
const PREFIX = "notifications.argoproj.io/subscribe";
const CONFIG = {
  "trigger.on-rollout-updated": "- send: [said]\n",
  "trigger.on-rollout-completed": "- send: [done]\n",
  "template.said": "message: '{{.rollout.metadata.name}} begins'\n",
  "template.done": "message: '{{.rollout.metadata.name}} is done'\n",
};

const nameOf = (index: number) => `web-${index}`;
const channelOf = (index: number) => `team-${index % CHANNELS}`;

/** Deploys them all at once; gives each Rollout's status, with all its times. */
async function deployAll(world: NotifiedWorld, isSubscribed: boolean): Promise<unknown[]> {
  for (let index = 0; index < COUNT; index++) {
    const channel = channelOf(index);
    const annotations = {
      [`${PREFIX}.on-rollout-updated.slack`]: channel,
      [`${PREFIX}.on-rollout-completed.slack`]: channel,
    };
    await world.deploy(nameOf(index), isSubscribed ? annotations : {});
  }
  await world.advance(60_000);
  return world.cluster.objects(ROLLOUTS).map(({ status }) => status);
}

Deno.test("a storm is delivered to the last message, in order, once each, and delays no Rollout", async () => {
  const world = new NotifiedWorld();
  const taken: string[] = [];
  const perSecond = new Map<number, number>();
  let busy = 0;
  await using slack = new PlainServer(({ body }) => {
    const second = Math.floor(world.clock.now() / 1000);
    const count = perSecond.get(second) ?? 0;
    if (count >= PER_SECOND) {
      busy++;
      return new Response("", { status: 429, headers: { "retry-after": "1" } });
    }
    perSecond.set(second, count + 1);
    const { channel, text } = JSON.parse(body);
    taken.push(`${channel} ${text}`);
    return Response.json({ ok: true, channel, ts: "1" });
  });
  world.secrets.set(NAMESPACE, { t: "x" });
  await world.start();
  await world.configure({ ...CONFIG, "service.slack": `token: $t\napiURL: ${slack.url}\n` });
  const told = await deployAll(world, true);
  await world.advance(600_000);
  const expected = Array.from({ length: COUNT }, (_, index) => [
    `${channelOf(index)} ${nameOf(index)} begins`,
    `${channelOf(index)} ${nameOf(index)} is done`,
  ]);
  assert.deepEqual([...taken].sort(), expected.flat().sort(), "all, and nothing twice");
  for (const [begins = "", done = ""] of expected) {
    assert.ok(taken.indexOf(begins) < taken.indexOf(done), done);
  }
  assert.ok(busy > 0);
  await world.controller?.stop();

  const quiet = new NotifiedWorld();
  await quiet.start();
  const untold = await deployAll(quiet, false);
  const timesOf = (statuses: unknown[]) =>
    statuses.map((status) => JSON.stringify(fieldsOf(status)["conditions"]));
  assert.deepEqual(timesOf(told), timesOf(untold), "the same at the same times");
  await quiet.controller?.stop();
});
