/** What conditions come to for subscribers, and how that is remembered. */
import assert from "node:assert/strict";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { NOTIFIED_ANNOTATION } from "../../../core/api/names/names.ts";
import { type Look, lookAt } from "../../../core/notify/look.ts";
import { parseState, stateText } from "../../../core/notify/notified_state.ts";
import type { NotificationConfig } from "../../../core/notify/mod.ts";
import { configOf, facts, rolloutOf } from "./config_world.ts";

const SUBSCRIBED = { "notifications.argoproj.io/subscribe.on-paused.hook": "" };
const WHEN = "rollout.status.phase == 'Paused'";
const DATA = {
  "service.webhook.hook": "url: https://hook.test\n",
  "template.paused": "message: paused\n",
  "trigger.on-paused": `- when: ${WHEN}\n  send: [paused]\n`,
};

function rollout(phase: string, state?: string, hash = "abc"): Rollout {
  const notified = state === undefined ? {} : { [NOTIFIED_ANNOTATION]: state };
  const status = { phase, currentPodHash: hash } as Rollout["status"];
  return rolloutOf({ ...SUBSCRIBED, ...notified }, { status });
}

function look(object: Rollout, ...configs: NotificationConfig[]): Look {
  return lookAt(facts(object), configs, 0);
}

/** `key: to be told` or `key: met` or `key: not met`. */
function shown({ watched }: Look): string[] {
  return watched.map(({ key, isMet, notice }) => {
    const state = notice !== undefined ? "to be told" : isMet ? "met" : "not met";
    return `${key} ${state}`;
  });
}

Deno.test("who was told by Argo Rollouts is not told again", () => {
  const config = configOf(DATA);
  const [first] = look(rollout("Paused"), config).watched;
  assert.ok(first);
  assert.match(first.key, /^on-paused:\[0\]\.[\w-]{27}:hook:$/);
  const state = JSON.stringify({ [first.key]: 1_700_000_000, "other:[0].x:slack:a": 1 });
  const rows: [Rollout, string][] = [
    [rollout("Paused"), "to be told"],
    [rollout("Paused", state), "met"],
    [rollout("Paused", "{}"), "to be told"],
    [rollout("Paused", "no JSON"), "to be told"],
    [rollout("Healthy", state), "not met"],
  ];
  for (const [object, expected] of rows) {
    assert.deepEqual(shown(look(object, config)), [`${first.key} ${expected}`]);
  }
});

Deno.test("with oncePer the key begins with its value, so a new value is told anew", () => {
  const config = configOf({
    ...DATA,
    "trigger.on-paused": `- when: ${WHEN}\n  oncePer: rollout.status.currentPodHash\n` +
      "  send: [paused]\n",
  });
  const [one] = look(rollout("Paused"), config).watched;
  assert.match(one?.key ?? "", /^abc:on-paused:/);
  const state = JSON.stringify({ [one?.key ?? ""]: 1 });
  assert.deepEqual(shown(look(rollout("Paused", state), config)), [`${one?.key} met`]);
  const [other] = look(rollout("Paused", state, "def"), config).watched;
  assert.match(other?.key ?? "", /^def:on-paused:/);
  assert.notEqual(other?.notice, undefined);
});

Deno.test("a configuration of the Rollout's own namespace counts beside ours, with keys of its own", () => {
  const own = configOf(DATA, {}, { isSelfService: true, namespace: "shop" });
  const keys = look(rollout("Paused"), own, configOf(DATA)).watched.map(({ key }) => key);
  assert.deepEqual(keys.map((key) => key.split(":")[0]), ["shop", "on-paused"]);
  const none = configOf({}, {}, { isSelfService: true, namespace: "shop" });
  const { complaints, watched } = look(rollout("Paused"), none, configOf(DATA));
  assert.deepEqual([complaints, watched.length], [[], 1], "what one of them has is no complaint");
});

Deno.test("what keeps a subscriber from being told is a complaint, and nothing is tried for it", () => {
  const without = (...keys: string[]) =>
    configOf(Object.fromEntries(Object.entries(DATA).filter(([key]) => !keys.includes(key))));
  const rows: [NotificationConfig, string][] = [
    [without("trigger.on-paused"), "trigger 'on-paused' is not configured"],
    [without("template.paused"), "template 'paused' is not supported"],
    [without("service.webhook.hook"), "notification service 'hook' is not supported"],
    [
      configOf({ ...DATA, "trigger.on-paused": "- when: rolout.x\n  send: [paused]\n" }),
      "trigger.on-paused:1:9: unknown name rolout",
    ],
  ];
  for (const [config, complaint] of rows) {
    const { complaints, watched } = look(rollout("Paused"), config);
    assert.deepEqual(complaints, [complaint]);
    assert.equal(watched.some(({ notice }) => notice !== undefined), false);
  }
});

Deno.test("an empty condition is met by no change, and one that cannot be evaluated is not met", () => {
  for (const when of ["''", "rollout.status.nope.deeper == 1", "time.Parse('x') > time.Now()"]) {
    const config = configOf({
      ...DATA,
      "trigger.on-paused": `- when: "${when === "''" ? "" : when}"\n  send: [paused]\n`,
    });
    const [only] = look(rollout("Paused"), config).watched;
    assert.equal(only?.isMet, false, when);
  }
});

Deno.test("the id of a message is the same for the same cause, and another for the next", () => {
  const idOf = (object: Rollout) => look(object, configOf(DATA)).watched[0]?.notice?.id;
  assert.equal(idOf(rollout("Paused")), idOf(rollout("Paused")));
  assert.notEqual(idOf(rollout("Paused")), idOf(rollout("Paused", undefined, "def")));
});

Deno.test("the state keeps the hundred newest entries", () => {
  const entries = Array.from({ length: 150 }, (_, index) => [`k${index}`, index] as const);
  const kept = parseState(stateText(new Map(entries)));
  assert.equal(kept.size, 100);
  assert.equal(Math.min(...kept.values()), 50);
  assert.equal(stateText(new Map()), undefined);
});

Deno.test("conditions of one look share what they may do: a trigger is evaluated once", () => {
  const heavy = "len(1..60000) > 0";
  const subscribers = Object.fromEntries(
    ["a", "b", "c", "d"].map((name) => [
      `notifications.argoproj.io/subscribe.${name}.hook`,
      "one;two;three",
    ]),
  );
  const triggers = Object.fromEntries(
    ["a", "b", "c", "d"].map((name) => [`trigger.${name}`, `- when: ${heavy}\n  send: [paused]\n`]),
  );
  const config = configOf({ ...DATA, ...triggers });
  const { watched } = look(rolloutOf(subscribers), config);
  assert.deepEqual(
    watched.map(({ key, isMet }) => `${key[0]} ${isMet}`),
    ["a true", "a true", "a true", "b true", "b true", "b true"]
      .concat(["c false", "c false", "c false", "d false", "d false", "d false"]),
  );
});
