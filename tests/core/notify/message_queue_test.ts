import assert from "node:assert/strict";
import {
  type Attempt,
  MessageQueue,
  type Outcome,
  type Outgoing,
} from "../../../core/notify/mod.ts";
import { VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import { advance, settle } from "../engine/virtual_time.ts";
import { recordingNotifier, rolloutOf } from "./config_world.ts";

function outgoing(id: string, recipient = "a", service = "slack"): Outgoing {
  return {
    id,
    namespace: "argo-rollouts",
    service: { name: service, notifier: recordingNotifier("slack"), config: {} },
    recipient,
    message: id,
    content: {},
    about: { kind: "Rollout", namespace: "shop", name: "web" },
    object: rolloutOf(),
    cause: { type: "Normal", reason: "RolloutCompleted" },
  };
}

/** A queue whose tries come out as the test says. */
class QueueWorld {
  readonly clock = new VirtualClock(0);
  readonly tried: string[] = [];
  readonly ended: string[] = [];
  readonly queue: MessageQueue;
  /** What a try comes to, and how long it takes. */
  answer: (outgoing: Outgoing) => { attempt: Attempt; ms?: number } = () => ({
    attempt: { is: "sent" },
  });

  constructor() {
    this.queue = new MessageQueue({
      clock: this.clock,
      attempt: (outgoing) => {
        this.tried.push(`${this.clock.now()} ${outgoing.id}`);
        const { attempt, ms = 0 } = this.answer(outgoing);
        return new Promise((resolve) => this.clock.after(ms, () => resolve(attempt)));
      },
    });
  }

  post(...messages: readonly Outgoing[]): void {
    for (const message of messages) {
      this.queue.post(message, (outcome: Outcome) => {
        const why = outcome.is === "sent" ? "" : `: ${outcome.message}`;
        this.ended.push(`${message.id} ${outcome.is}${why}`);
      });
    }
  }
}

Deno.test("messages to one recipient come one after the other, those to others beside them", async () => {
  const world = new QueueWorld();
  world.answer = () => ({ attempt: { is: "sent" }, ms: 1_000 });
  world.post(outgoing("1"), outgoing("2"), outgoing("3", "b"));
  await advance(world.clock, 5_000);
  assert.deepEqual(world.tried, ["0 1", "0 3", "1000 2"]);
  assert.deepEqual(world.ended, ["1 sent", "3 sent", "2 sent"]);
  assert.equal(world.queue.waiting, 0);
});

Deno.test("what fails is tried again ever more slowly, and those after it wait for it", async () => {
  const world = new QueueWorld();
  let failures = 3;
  world.answer = ({ id }) =>
    id === "1" && failures-- > 0
      ? { attempt: { is: "failed", message: "away" } }
      : { attempt: { is: "sent" } };
  world.post(outgoing("1"), outgoing("2"), outgoing("3", "b"));
  await advance(world.clock, 60_000);
  assert.deepEqual(world.tried, ["0 1", "0 3", "1000 1", "3000 1", "7000 1", "7000 2"]);
  assert.equal(world.queue.running, 0);
});

Deno.test("what never succeeds is given up after some hours, and what follows goes on", async () => {
  const world = new QueueWorld();
  world.answer = ({ id }) =>
    id === "1" ? { attempt: { is: "failed", message: "away" } } : { attempt: { is: "sent" } };
  world.post(outgoing("1"), outgoing("2"));
  await advance(world.clock, 8 * 3_600_000);
  assert.deepEqual(world.ended, ["1 given up: away", "2 sent"]);
  assert.equal(world.tried.length, 65);
});

Deno.test("what is refused is not tried again", async () => {
  const world = new QueueWorld();
  world.answer = ({ id }) =>
    id === "1"
      ? { attempt: { is: "refused", message: "no such channel" } }
      : { attempt: { is: "sent" } };
  world.post(outgoing("1"), outgoing("2"));
  await settle(world.clock);
  assert.deepEqual(world.ended, ["1 refused: no such channel", "2 sent"]);
});

Deno.test("a service that asks for time has it, for all its recipients, and others do not wait", async () => {
  const world = new QueueWorld();
  let isBusy = true;
  world.answer = ({ id }) => {
    if (id !== "1" || !isBusy) return { attempt: { is: "sent" } };
    isBusy = false;
    return { attempt: { is: "later", retryAtMs: 30_000, message: "busy" } };
  };
  world.post(outgoing("1"));
  await settle(world.clock);
  world.post(outgoing("2"), outgoing("3", "b"), outgoing("4", "a", "webhook"));
  await advance(world.clock, 60_000);
  assert.deepEqual(world.tried, ["0 1", "0 4", "30000 1", "30000 3", "30000 2"]);
});

Deno.test("a service that asks for less time afterwards still has all that it asked for", async () => {
  const world = new QueueWorld();
  let isBusy = true;
  world.answer = ({ id }) => {
    if (!isBusy) return { attempt: { is: "sent" } };
    if (id === "1") return { attempt: { is: "later", retryAtMs: 30_000, message: "busy" } };
    return { attempt: { is: "later", retryAtMs: 2_000, message: "busy" }, ms: 1_000 };
  };
  world.post(outgoing("1"), outgoing("2", "b"));
  await advance(world.clock, 1_000);
  isBusy = false;
  await advance(world.clock, 60_000);
  assert.deepEqual(world.tried, ["0 1", "0 2", "30000 1", "30000 2"]);
});

Deno.test("ten messages at a time are on their way to one service, so that others have room", async () => {
  const world = new QueueWorld();
  world.answer = ({ service }) => ({
    attempt: { is: "sent" },
    ms: service.name === "slack" ? 60_000 : 0,
  });
  const many = Array.from({ length: 100 }, (_, index) => outgoing(`${index}`, `${index}`));
  world.post(...many, outgoing("other", "a", "webhook"));
  await settle(world.clock);
  assert.equal(world.tried.length, 11);
  assert.deepEqual(world.ended, ["other sent"]);
});

Deno.test("of very many messages to one recipient the oldest are given up", async () => {
  const world = new QueueWorld();
  world.answer = () => ({ attempt: { is: "sent" }, ms: 1_000 });
  world.post(...Array.from({ length: 1_002 }, (_, index) => outgoing(`${index}`)));
  await settle(world.clock);
  assert.deepEqual(world.ended, [
    "1 given up: too many messages are waiting",
    "2 given up: too many messages are waiting",
  ]);
});

Deno.test("a service that asks for time has a second at least, and an hour at most", async () => {
  const HOUR_MS = 3_600_000;
  const rows: [number, number][] = [
    [0, 1_000],
    [-5, 1_000],
    [NaN, 1_000],
    [7_000, 7_000],
    [HOUR_MS, HOUR_MS],
    [HOUR_MS + 1, HOUR_MS],
    [Infinity, HOUR_MS],
  ];
  for (const [retryAtMs, comesBackMs] of rows) {
    const world = new QueueWorld();
    let isBusy = true;
    world.answer = () => {
      const attempt: Attempt = isBusy
        ? { is: "later", retryAtMs, message: "busy" }
        : { is: "sent" };
      isBusy = false;
      return { attempt };
    };
    world.post(outgoing("1"));
    await advance(world.clock, HOUR_MS + 1);
    assert.deepEqual(world.tried, ["0 1", `${comesBackMs} 1`], String(retryAtMs));
  }
});
