/** Notifications when things go wrong: crashes, storms, secrets, bad configurations. */
import assert from "node:assert/strict";
import { NOTIFIED_ANNOTATION } from "../../../core/api/names/names.ts";
import { EVENTS, PODS, REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { explanation, renderRollout, rolloutInfo } from "../../../core/view/mod.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { NAMESPACE, NotifiedWorld } from "./notified_world.ts";
import { type Asked, PlainServer } from "./plain_server.ts";

const PREFIX = "notifications.argoproj.io/subscribe";
const HEALTHY = {
  "trigger.on-healthy": "- when: rollout.status.phase == 'Healthy'\n  send: [healthy]\n",
  "template.healthy": "message: healthy\nwebhook:\n  hook:\n    method: POST\n    " +
    "body: '{{.rollout.metadata.name}}'\n",
};

function stateOf(world: NotifiedWorld, name: string): string | undefined {
  return world.cluster.objects(ROLLOUTS)
    .find(({ metadata }) => metadata.name === name)?.metadata.annotations?.[NOTIFIED_ANNOTATION];
}

Deno.test("a controller that dies between sending and writing repeats that message alone, with its id", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const world = new NotifiedWorld();
  await world.start();
  await world.configure({ ...HEALTHY, "service.webhook.hook": `url: ${server.url}\n` });
  const names = ["one", "two", "three"];
  // The state of the last is never written.
  world.isLost = () => false;
  await world.controller?.stop();
  let isDying = false;
  world.isLost = (type, body) => {
    const { annotations } = fieldsOf(fieldsOf(body)["metadata"]);
    return isDying && type === ROLLOUTS && NOTIFIED_ANNOTATION in fieldsOf(annotations);
  };
  world.startController();
  for (const name of names) {
    isDying = name === "three";
    await world.deploy(name, { [`${PREFIX}.on-healthy.hook`]: "" });
    await world.advance(30_000);
    await world.until(() => server.asked.some(({ body }) => body === name), `${name} is told`);
    if (!isDying) await world.until(() => stateOf(world, name) !== undefined, `${name} is kept`);
  }
  assert.equal(stateOf(world, "three"), undefined);
  // Another process: it knows what is in the cluster, and nothing else.
  world.isLost = () => false;
  world.startController();
  await world.advance(30_000);
  await world.until(() => stateOf(world, "three") !== undefined, "it is told again");
  await world.advance(3_600_000);
  const told = server.asked.map(({ body }) => body);
  assert.deepEqual(told, ["one", "two", "three", "three"]);
  const ids = server.asked.slice(2).map(({ headers }) => headers.get("idempotency-key"));
  assert.equal(new Set(ids).size, 1);
});

const SECRETS = {
  "slack-token": "xoxb-hunter2-slack",
  "hook-password": "hunter2&of=hook",
  "hook-header": "hunter2 of/header",
};

/** The screen of a Rollout, and its explanation. */
function screensOf(world: NotifiedWorld, rollout: Rollout): string[] {
  const objects = {
    rollout,
    replicaSets: world.cluster.objects(REPLICA_SETS),
    pods: world.cluster.objects(PODS),
    analysisRuns: [],
    experiments: [],
    nowMs: world.clock.now(),
  };
  const asked = { pass: undefined, areAllRead: true, program: "sluice", options: "" };
  return [
    renderRollout(rolloutInfo(objects)),
    JSON.stringify(explanation({ ...objects, ...asked })),
  ];
}

Deno.test("no value of the Secret is in the log, an event, a status or on a screen, whatever services answer", async () => {
  // They repeat what they were sent, and fail with it.
  let status = 500;
  await using server = new PlainServer(({ headers, body }) =>
    new Response(`${[...headers].join(" ")} ${body}`, { status })
  );
  const world = new NotifiedWorld();
  world.secrets.set(NAMESPACE, SECRETS);
  await world.start();
  await world.configure({
    ...HEALTHY,
    "trigger.on-rollout-completed": "- send: [healthy]\n",
    "service.slack": `token: $slack-token\napiURL: ${server.url}\n`,
    "service.webhook.hook": `url: ${server.url}\nbasicAuth: {username: me, password: ` +
      "$hook-password}\nheaders: [{name: x-proof, value: $hook-header}]\n",
    "service.email": "host: 127.0.0.1\nport: 1\nfrom: a@b.test\npassword: [$slack-token\n",
  });
  await world.deploy("web", {
    [`${PREFIX}.on-healthy.hook`]: "",
    [`${PREFIX}.on-rollout-completed.slack`]: "ops",
  });
  await world.advance(30_000);
  await world.until(() => server.asked.length >= 4, "tries");
  status = 400;
  await world.until(
    () =>
      world.cluster.objects(EVENTS).filter(({ reason }) => reason === "NotificationFailed")
        .length >= 2,
    "both are refused",
  );
  const said = [
    ...world.lines,
    ...world.cluster.objects(EVENTS).map((event) => JSON.stringify(event)),
    ...world.cluster.objects(ROLLOUTS).map((rollout) => JSON.stringify(rollout)),
    ...world.cluster.objects(ROLLOUTS).flatMap((rollout) => screensOf(world, rollout as Rollout)),
  ].join("\n");
  assert.ok(said.includes("*****"));
  assert.match(said, /^Name: +web$/m);
  const made = Object.values(SECRETS).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new TextEncoder().encode(secret).toBase64(),
    new TextEncoder().encode(`me:${secret}`).toBase64(),
  ]);
  assert.deepEqual(made.filter((text) => said.includes(text)), []);
  await world.controller?.stop();
});

Deno.test("a ConfigMap that appears, changes and goes counts within ten seconds", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const world = new NotifiedWorld();
  await world.start();
  const config = (text: string) => ({
    "service.webhook.hook": `url: ${server.url}\n`,
    "trigger.on-rollout-completed": "- send: [done]\n",
    "template.done": `webhook: {hook: {method: POST, body: "${text} {{.rollout.metadata.name}}"}}`,
    "template.broken": "message: [",
  });
  const deploy = async (name: string) => {
    await world.deploy(name, { [`${PREFIX}.on-rollout-completed.hook`]: "" });
    await world.advance(30_000);
  };
  await deploy("none");
  await world.configure(config("first"));
  await world.advance(10_000);
  await deploy("one");
  await world.until(() => server.asked.length === 1, "the first");
  await world.configure(config("second"));
  await world.advance(10_000);
  await deploy("two");
  await world.until(() => server.asked.length === 2, "the second");
  await world.unconfigure();
  await world.advance(10_000);
  await deploy("three");
  await world.advance(60_000);
  assert.deepEqual(server.asked.map(({ body }: Asked) => body), ["first one", "second two"]);
  const broken = world.lines.filter((line) => line.includes("template.broken"));
  assert.equal(broken.length, 2, "once for each version");
  await world.controller?.stop();
});

Deno.test("a channel that does not exist is said once, and those after it are served", async () => {
  await using slack = new PlainServer((asked) => {
    const { channel } = JSON.parse(asked.body);
    return channel === "nowhere"
      ? Response.json({ ok: false, error: "channel_not_found" })
      : Response.json({ ok: true, channel, ts: "1" });
  });
  const world = new NotifiedWorld();
  world.secrets.set(NAMESPACE, { t: "x" });
  await world.start();
  await world.configure({
    "service.slack": `token: $t\napiURL: ${slack.url}\n`,
    "trigger.on-rollout-completed": "- send: [done]\n",
    "template.done": "message: done\n",
  });
  await world.deploy("web", { [`${PREFIX}.on-rollout-completed.slack`]: "nowhere;ops" });
  await world.advance(30_000);
  const failed = () =>
    world.cluster.objects(EVENTS).filter(({ reason }) => reason === "NotificationFailed");
  await world.until(() => slack.asked.length === 2 && failed().length === 1, "both are asked");
  await world.advance(3_600_000);
  assert.equal(slack.asked.length, 2);
  assert.deepEqual(failed().map(({ message, count }) => [message, count]), [
    ['Slack refused a message to "nowhere": channel_not_found', 1],
  ]);
  await world.controller?.stop();
});
