import assert from "node:assert/strict";
import { NO_PLUGINS } from "../../../../sdk/registry.ts";
import type { StepAnswer, StepPlugin, StepPorts } from "../../../../sdk/step_plugin.ts";
import { stepAnswerer } from "../../../../core/rollout/mod.ts";
import { stepInquiries, type StepQuestion } from "../../../../core/rollout/step_plugins/calls.ts";
import type { StepEntry } from "../../../../core/rollout/step_plugins/entries.ts";
import { worldOf } from "../world.ts";

const NAME = "org/check";
const NOW_MS = Date.parse("2026-03-01T12:00:00Z");

function question(
  { entry = {}, operation }: { entry?: Partial<StepEntry>; operation?: "Abort" } = {},
): StepQuestion {
  const run: StepEntry = { index: 0, name: NAME, operation: "Run", phase: "Running", ...entry };
  const abort: StepEntry = { index: 0, name: NAME, operation: "Abort", phase: "Running" };
  const { rollout } = worldOf({
    steps: [{ plugin: { name: NAME, config: { x: 1 } } }],
    next: { hash: "bbb", size: 1 },
    stable: { hash: "aaa", size: 4 },
    status: {
      phase: "Progressing",
      ...(operation === undefined ? {} : { abort: true }),
      canary: { stepPluginStatuses: operation === undefined ? [run] : [run, abort] },
    },
  });
  const [inquiry] = stepInquiries(rollout, NOW_MS);
  assert.ok(inquiry);
  return inquiry.question as StepQuestion;
}

interface Asked {
  readonly plugin: Partial<StepPlugin>;
  readonly operation?: "Abort";
  readonly entry?: Partial<StepEntry>;
  readonly logged?: string[];
}

function answererOf(plugin: Partial<StepPlugin>, logged: string[] = []) {
  const whole: StepPlugin = { name: NAME, run: () => Promise.reject(new Error("none")), ...plugin };
  return stepAnswerer({
    plugins: { ...NO_PLUGINS, stepPlugins: [whole] },
    ports: ({ signal }): Omit<StepPorts, "conceal"> => ({
      signal,
      now: () => NOW_MS,
      fetch: () => Promise.reject(new Error("nobody answers")),
      log: (_, message) => void logged.push(message),
      secret: (name, key) => Promise.resolve(`${name}-${key}-value`),
    }),
  });
}

function ask({ plugin, operation, entry, logged }: Asked): Promise<unknown> {
  const asked = question({
    ...(operation === undefined ? {} : { operation }),
    ...(entry === undefined ? {} : { entry }),
  });
  return answererOf(plugin, logged).answer(asked, new AbortController().signal);
}

const saying = (answer: StepAnswer) => ({ run: () => Promise.resolve(answer) });

Deno.test("a step plugin is told its step, its configuration, and what it said before", async () => {
  const calls: unknown[] = [];
  const noted = {
    run: ({ rollout, ...call }: Parameters<StepPlugin["run"]>[0]) => {
      calls.push({ ...call, of: rollout.metadata.name });
      return Promise.resolve({ phase: "Successful" } as const);
    },
  };
  const step = "rollout-uid/bbb/2026-03-01T11:00:00Z/0";
  const startedAt = "2026-03-01T11:00:00Z";
  await ask({ plugin: noted, entry: { startedAt } });
  await ask({ plugin: noted, entry: { startedAt, executions: 1, status: { ticket: 7 } } });
  const common = { step, stepIndex: 0, config: { x: 1 }, of: "web" };
  assert.deepEqual(calls, [
    { id: `${step}/Run/1`, ...common },
    { id: `${step}/Run/2`, ...common, status: { ticket: 7 } },
  ]);
});

Deno.test("what a step plugin says is checked before it is recorded", async () => {
  const rows: [plugin: Partial<StepPlugin>, reply: unknown][] = [
    [saying({ phase: "Running", requeueAfterSeconds: 60, status: { a: [1] } }), {
      phase: "Running",
      requeueAfterSeconds: 60,
      status: { a: [1] },
    }],
    [saying({ phase: "Done" as "Failed" }), {
      phase: "Error",
      message: "phase 'Done' is not valid",
    }],
    [saying({ phase: "Successful", status: "x".repeat(20_000) }), {
      phase: "Error",
      message: "its status has 20002 bytes, and 16384 are the most",
    }],
    [{ run: () => Promise.reject(new Error("boom")) }, { phase: "Error", message: "boom" }],
    [
      {
        run: () => {
          throw new Error("at once");
        },
      },
      { phase: "Error", message: "at once" },
    ],
  ];
  for (const [plugin, reply] of rows) assert.deepEqual(await ask({ plugin }), reply);
});

Deno.test("a step plugin without abort has nothing to undo", async () => {
  const plugin = saying({ phase: "Failed" });
  assert.deepEqual(await ask({ plugin, operation: "Abort" }), { phase: "Successful" });
});

Deno.test("secrets are struck out of all that a step plugin says", async () => {
  const logged: string[] = [];
  const plugin: Partial<StepPlugin> = {
    run: async (_, ports) => {
      const token = await ports.secret("gate", "token");
      ports.conceal("made of it");
      ports.log("info", `sent ${token}`);
      return { phase: "Running", message: `${token} is made of it`, status: { token } };
    },
  };
  assert.deepEqual(await ask({ plugin, logged }), {
    phase: "Running",
    message: "***** is *****",
    status: { token: "*****" },
  });
  assert.deepEqual(logged, ["sent *****"]);
});

Deno.test("calls of one step never overlap: what ends it waits for the run that it ends", async () => {
  const order: string[] = [];
  const running = Promise.withResolvers<StepAnswer>();
  const answerer = answererOf({
    run: async () => {
      order.push("run begins");
      const answer = await running.promise;
      order.push("run ends");
      return answer;
    },
    abort: () => {
      order.push("abort");
      return Promise.resolve({ phase: "Successful" });
    },
  });
  const given = new AbortController();
  const run = answerer.answer(question(), given.signal);
  const { signal } = new AbortController();
  const abort = answerer.answer(question({ operation: "Abort" }), signal);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  given.abort();
  assert.deepEqual(order, ["run begins"]);
  running.resolve({ phase: "Successful" });
  await Promise.allSettled([run, abort]);
  assert.deepEqual(order, ["run begins", "run ends", "abort"]);
});
