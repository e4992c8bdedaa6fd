/** Notifications of the whole controller, with Slack and webhooks on loopback. */
import assert from "node:assert/strict";
import { NOTIFIED_ANNOTATION } from "../../../core/api/names/names.ts";
import { EVENTS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { NAMESPACE, NotifiedWorld } from "./notified_world.ts";
import { type Asked, PlainServer } from "./plain_server.ts";

const TEMPLATE = "message: Rollout {{.rollout.metadata.name}} has been completed.\n";
/** What the fragment of the acceptance suite subscribes to. */
const MANIFEST_8 = {
  "notifications.argoproj.io/subscribe.on-rollout-completed.slack": "deployments",
};

function taken(): Response {
  return Response.json({ ok: true, channel: "C1", ts: "1700000000.0001" });
}

function bodyOf({ body }: Asked): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

Deno.test("a completed Rollout is told to the channel that its annotation names", async () => {
  await using slack = new PlainServer(taken);
  const world = new NotifiedWorld();
  world.secrets.set(NAMESPACE, { "slack-token": "xoxb-of-the-test" });
  await world.start();
  await world.configure({
    "service.slack": `token: $slack-token\napiURL: ${slack.url}\n`,
    "template.rollout-completed": TEMPLATE,
    "trigger.on-rollout-completed": "- send: [rollout-completed]\n",
  });
  await world.deploy("mock-server", MANIFEST_8);
  await world.advance(60_000);
  await world.until(() => slack.asked.length === 1, "a message");
  const [asked] = slack.asked;
  assert.equal(asked?.path, "/chat.postMessage");
  assert.equal(asked?.headers.get("authorization"), "Bearer xoxb-of-the-test");
  assert.deepEqual(bodyOf(asked as Asked), {
    channel: "deployments",
    text: "Rollout mock-server has been completed.",
  });
  await world.advance(3_600_000);
  assert.equal(slack.asked.length, 1);
  await world.controller?.stop();
});

Deno.test("a condition that comes true is told once, and kept as Argo Rollouts keeps it", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const world = new NotifiedWorld();
  await world.start();
  await world.configure({
    "service.webhook.hook": `url: ${server.url}\n`,
    "template.healthy": "message: healthy\nwebhook:\n  hook:\n    method: POST\n    path: /told\n" +
      '    body: \'{"name": "{{.rollout.metadata.name}}"}\'\n',
    "trigger.on-healthy": "- when: rollout.status.phase == 'Healthy'\n  send: [healthy]\n",
  });
  await world.deploy("web", { "notifications.argoproj.io/subscribe.on-healthy.hook": "" });
  await world.advance(60_000);
  const stateText = () =>
    world.cluster.objects(ROLLOUTS)[0]?.metadata.annotations?.[NOTIFIED_ANNOTATION];
  await world.until(() => stateText() !== undefined, "a state");
  const [asked] = server.asked;
  assert.equal(`${asked?.method} ${asked?.path} ${asked?.body}`, 'POST /told {"name": "web"}');
  const state = JSON.parse(stateText() ?? "{}");
  assert.deepEqual(Object.keys(state), ["on-healthy:[0].qYwPqtSSDQgdyGN38qWobdZi5qc:hook:"]);
  // Somebody else's change of the Rollout is no news.
  const body = { metadata: { labels: { touched: "yes" } } };
  await world.user.patch(ROLLOUTS, { namespace: "default", name: "web" }, { type: "merge", body });
  await world.advance(60_000);
  assert.equal(server.asked.length, 1);
  await world.controller?.stop();
});

Deno.test("a webhook that fails twice has its message at the third try, with the same id", async () => {
  let failures = 2;
  await using server = new PlainServer(() =>
    failures-- > 0 ? new Response("busy", { status: 500 }) : new Response("ok")
  );
  const world = new NotifiedWorld();
  await world.start();
  await world.configure({
    "service.webhook.hook": `url: ${server.url}\n`,
    "template.completed": `${TEMPLATE}webhook:\n  hook:\n    method: POST\n`,
    "trigger.on-rollout-completed": "- send: [completed]\n",
  });
  await world.deploy("web", {
    "notifications.argoproj.io/subscribe.on-rollout-completed.hook": "",
  });
  await world.advance(60_000);
  assert.equal(server.asked.length, 3);
  const text = [
    ...world.metrics.text(({ plural }) =>
      plural === ROLLOUTS.plural ? world.cluster.objects(ROLLOUTS) : []
    ),
  ].join("");
  const labels = '{namespace="default",name="web",type="Normal",reason="RolloutCompleted"}';
  for (
    const line of [
      `notification_send_error${labels} 2`,
      `notification_send_success${labels} 1`,
      'notification_send_count{namespace="default",name="web"} 3',
    ]
  ) assert.ok(text.includes(`${line}\n`), line);
  const ids = new Set(server.asked.map(({ headers }) => headers.get("idempotency-key")));
  assert.equal(ids.size, 1);
  await world.advance(3_600_000);
  assert.equal(server.asked.length, 3);
  await world.controller?.stop();
});

Deno.test("what keeps somebody from being told is said once, and never again by a pass", async () => {
  const world = new NotifiedWorld();
  await world.start();
  await world.configure({
    "trigger.on-rollout-completed": "- send: [missing]\n",
    "service.webhook.hook": "url: http://127.0.0.1:1\n",
  });
  await world.deploy("web", {
    "notifications.argoproj.io/subscribe.on-rollout-completed.slak": "deployments",
    "notifications.argoproj.io/subscribe.on-rollout-completd.hook": "",
    "notifications.argoproj.io/subscribe.on-rollout-completed.hook": "",
  });
  await world.advance(60_000);
  const said = [
    "notification service 'slak' is not supported",
    "trigger 'on-rollout-completd' is not configured",
    "template 'missing' is not supported",
  ];
  const events = world.cluster.objects(EVENTS)
    .filter((event) => event["reason"] === "NotificationFailed");
  assert.deepEqual(events.map((event) => event["message"]).sort(), [...said].sort());
  assert.deepEqual(events.map((event) => event["count"]), [1, 1, 1]);
  for (const text of said) {
    assert.equal(world.lines.filter((line) => line.includes(text)).length, 1, text);
  }
  await world.controller?.stop();
});
