/**
 * `deno task bench:notifications`: two hundred Rollouts that finish in the same second, on the clock
 * of the wall, with a Slack on loopback that takes forty messages a second and answers the others
 * with 429: how long passes take, beside a run that tells nobody.
 */
import assert from "node:assert/strict";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import { type Fields, fieldsOf } from "../../sdk/wire/json.ts";
import { NAMESPACE, NotifiedWorld } from "../core/controller/notified_world.ts";
import { PlainServer } from "../core/controller/plain_server.ts";

const COUNT = 200;
const CHANNELS = 10;
const PER_SECOND = 40;
const RUNS = 3;
const PREFIX = "notifications.argoproj.io/subscribe";
const CONFIG = {
  "trigger.on-rollout-updated": "- send: [said]\n",
  "trigger.on-rollout-completed": "- send: [done]\n",
  "template.said": "message: '{{.rollout.metadata.name}} begins'\n",
  "template.done": "message: '{{.rollout.metadata.name}} is done'\n",
};

interface Figures {
  readonly passesMs: readonly number[];
  readonly healthyMs: number;
}

/** A Slack that asks for time whenever there was enough in this second. */
class BusySlack {
  readonly taken: string[] = [];
  refusals = 0;
  #second = 0;
  #count = 0;

  answer(body: string): Response {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) [this.#second, this.#count] = [second, 0];
    if (++this.#count > PER_SECOND) {
      this.refusals++;
      return new Response("", { status: 429, headers: { "retry-after": "1" } });
    }
    const { channel, text } = JSON.parse(body);
    this.taken.push(`${channel} ${text}`);
    return Response.json({ ok: true, channel, ts: "1" });
  }
}

const channelOf = (index: number) => `team-${index % CHANNELS}`;

async function run(slack?: { url: string; busy: BusySlack }): Promise<Figures> {
  const world = new NotifiedWorld({ isOnWallClock: true });
  world.secrets.set(NAMESPACE, { t: "x" });
  await world.start();
  if (slack !== undefined) {
    await world.configure({ ...CONFIG, "service.slack": `token: $t\napiURL: ${slack.url}\n` });
  }
  const startMs = performance.now();
  for (let index = 0; index < COUNT; index++) {
    const channel = channelOf(index);
    const told = {
      [`${PREFIX}.on-rollout-updated.slack`]: channel,
      [`${PREFIX}.on-rollout-completed.slack`]: channel,
    };
    await world.deploy(`web-${index}`, slack === undefined ? {} : told);
  }
  const isHealthy = () =>
    world.cluster.objects(ROLLOUTS).every(({ status }) => fieldsOf(status)["phase"] === "Healthy");
  await world.wait(isHealthy);
  const healthyMs = performance.now() - startMs;
  if (slack !== undefined) {
    await world.wait(() => slack.busy.taken.length >= 2 * COUNT);
    // What comes twice comes soon.
    const endMs = performance.now() + 2_000;
    await world.wait(() => performance.now() > endMs);
    check(slack.busy.taken);
  }
  await world.controller?.stop();
  const passesMs = world.lines.map((line) => JSON.parse(line) as [string, string, Fields])
    .filter(([, , fields]) => typeof fields?.["durationMs"] === "number" && "rollout" in fields)
    .map(([, , fields]) => Number(fields["durationMs"]));
  return { passesMs, healthyMs };
}

/** All of them, nothing twice, and of one Rollout in their order. */
function check(taken: readonly string[]): void {
  const expected = Array.from({ length: COUNT }, (_, index) => [
    `${channelOf(index)} web-${index} begins`,
    `${channelOf(index)} web-${index} is done`,
  ]);
  assert.deepEqual([...taken].sort(), expected.flat().sort());
  for (const [begins = "", done = ""] of expected) {
    assert.ok(taken.indexOf(begins) < taken.indexOf(done), done);
  }
}

function quantile(values: readonly number[], part: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN).toFixed(1);
}

function print(what: string, { passesMs, healthyMs }: Figures, more = ""): void {
  const line = `${what}: ${passesMs.length} passes, p50 ${quantile(passesMs, 0.5)} ms, ` +
    `p99 ${quantile(passesMs, 0.99)} ms; all Healthy after ${
      (healthyMs / 1000).toFixed(1)
    } s${more}`;
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

for (let turn = 0; turn < RUNS; turn++) {
  print("nobody is told", await run());
  const busy = new BusySlack();
  await using server = new PlainServer(({ body }) => busy.answer(body));
  const figures = await run({ url: server.url, busy });
  print(
    "Slack is told",
    figures,
    `; ${busy.taken.length} taken, ${busy.refusals} put off with 429`,
  );
}
