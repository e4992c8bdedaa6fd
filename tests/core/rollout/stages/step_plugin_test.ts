import assert from "node:assert/strict";
import type { RolloutStatus } from "../../../../sdk/api/rollout.ts";
import { progressDeadlineMs } from "../../../../core/rollout/deadline.ts";
import { situationOf } from "../../../../core/rollout/situation_of.ts";
import { step } from "../../../../core/rollout/stages/step.ts";
import { pluginCall, pluginReply } from "../../../../core/rollout/stages/step_plugin.ts";
import type { StepEntry } from "../../../../core/rollout/step_plugins/entries.ts";
import type { StepReply } from "../../../../core/rollout/step_plugins/calls.ts";
import { checkStage, type ExpectedVerdict } from "../verdict_text.ts";
import { condition, worldOf } from "../world.ts";

const CHECK = "org/check";
const NOON = "2026-03-01T12:00:00Z";
const BEGAN = "2026-03-01T11:00:00Z";

/** An entry of the second step, which runs a plugin. */
function entry(fields: Partial<StepEntry> = {}): StepEntry {
  return {
    index: 1,
    name: CHECK,
    operation: "Run",
    phase: "Running",
    startedAt: BEGAN,
    ...fields,
  };
}

interface Shape {
  readonly entries?: readonly StepEntry[];
  readonly reply?: StepReply;
  readonly status?: RolloutStatus;
  readonly step?: number;
  readonly known?: readonly string[];
  readonly disabled?: readonly string[];
  readonly isPromoted?: boolean;
}

/** A canary whose second and third steps run plugins. */
function at(
  { entries = [], reply, status = {}, step: index = 1, isPromoted = false, ...names }: Shape = {},
) {
  const bbb = { hash: "bbb", size: isPromoted ? 5 : 1 };
  return worldOf({
    steps: [{ setWeight: 20 }, { plugin: { name: CHECK } }, { plugin: { name: "org/other" } }],
    next: bbb,
    ...(isPromoted ? {} : { stable: { hash: "aaa", size: 4 } }),
    status: {
      phase: "Progressing",
      currentStepIndex: index,
      canary: { stepPluginStatuses: [...entries] },
      ...status,
    },
    stepPlugins: { known: [CHECK, "org/other"], disabled: [], reply, ...names },
  });
}

const ANSWERED = { updatedAt: NOON, executions: 1 };
const transitioned = (phase: string) =>
  `Normal StepPluginTransition: Step plugin org/check (step 2) transitioned to ${phase}`;

/** What is recorded of one entry and told. */
function recorded(fields: Partial<StepEntry>, events: string[] = []): ExpectedVerdict {
  return { state: { stepEntries: [entry(fields)] }, events, then: "continue" };
}

Deno.test("step plugin: what a run answers is recorded as Argo records it", () => {
  checkStage(pluginReply, [
    { name: "no answer yet", world: at({ entries: [entry()] }), verdict: { then: "continue" } },
    {
      name: "Running, asked for nothing: again after 30 s",
      world: at({ entries: [entry()], reply: { phase: "Running", message: "soaking" } }),
      verdict: recorded(
        { phase: "Running", message: "soaking", backoff: "30s", ...ANSWERED },
        [transitioned("Running")],
      ),
    },
    {
      name: "Running, 10 s asked for: not more than 10, so 30 s",
      world: at({ entries: [entry()], reply: { phase: "Running", requeueAfterSeconds: 10 } }),
      verdict: recorded({ backoff: "30s", ...ANSWERED }, [transitioned("Running")]),
    },
    {
      name: "Running, 90 s asked for, and a status",
      world: at({
        entries: [entry()],
        reply: { phase: "Running", requeueAfterSeconds: 90, status: { ticket: 7 } },
      }),
      verdict: recorded(
        { ...ANSWERED, backoff: "1m30s", status: { ticket: 7 } },
        [transitioned("Running")],
      ),
    },
    {
      name: "Running again: no transition, one execution more",
      world: at({
        entries: [entry({ executions: 1, updatedAt: BEGAN, backoff: "30s" })],
        reply: { phase: "Running" },
      }),
      verdict: recorded({ updatedAt: NOON, executions: 2, backoff: "30s" }),
    },
    {
      name: "an error of the plugin: again after 30 s, with the status that it gave before",
      world: at({
        entries: [entry({ executions: 1, updatedAt: BEGAN, backoff: "30s", status: { a: 1 } })],
        reply: { phase: "Error", message: "boom" },
      }),
      verdict: recorded(
        {
          phase: "Error",
          message: "boom",
          executions: 2,
          updatedAt: NOON,
          backoff: "30s",
          status: { a: 1 },
        },
        [transitioned("Error")],
      ),
    },
    {
      name: "Successful: finished, no backoff",
      world: at({
        entries: [entry({ phase: "Error", message: "boom", executions: 1, backoff: "30s" })],
        reply: { phase: "Successful" },
      }),
      verdict: recorded(
        { phase: "Successful", updatedAt: NOON, finishedAt: NOON, executions: 2 },
        [transitioned("Successful")],
      ),
    },
    {
      name: "Failed: the update is aborted",
      world: at({ entries: [entry()], reply: { phase: "Failed", message: "too slow" } }),
      verdict: {
        state: {
          abort: true,
          abortWhy: "Step Plugin 2 (org/check) failed: too slow",
          stepEntries: [
            entry({ phase: "Failed", message: "too slow", ...ANSWERED, finishedAt: NOON }),
          ],
        },
        events: [transitioned("Failed")],
        then: "continue",
      },
    },
  ]);
});

Deno.test("step plugin: what ends a step is called once, and has to be done when it returns", () => {
  const abort = entry({ operation: "Abort", startedAt: NOON });
  const terminate = entry({ operation: "Terminate", startedAt: NOON });
  const done = { updatedAt: NOON, finishedAt: NOON, executions: 1 };
  const late = "the plugin answered Running: it has to be done when it returns";
  const told = (how: string) =>
    `Normal StepPluginTransition: Step plugin org/check (step 2) ${how}`;
  checkStage(pluginReply, [
    {
      name: "aborted",
      world: at({
        entries: [entry(), abort],
        reply: { phase: "Successful", message: "undone" },
        status: { abort: true, abortedAt: NOON },
        step: 0,
      }),
      verdict: {
        state: {
          stepEntries: [entry(), { ...abort, phase: "Successful", message: "undone", ...done }],
        },
        events: [told("aborted (Successful)")],
        then: "continue",
      },
    },
    {
      name: "an abort that goes on has failed",
      world: at({
        entries: [entry(), abort],
        reply: { phase: "Running" },
        status: { abort: true, abortedAt: NOON },
        step: 0,
      }),
      verdict: {
        state: { stepEntries: [entry(), { ...abort, phase: "Failed", message: late, ...done }] },
        events: [told("aborted (Failed)")],
        then: "continue",
      },
    },
    {
      name: "terminated",
      world: at({
        entries: [entry(), terminate],
        reply: { phase: "Successful" },
        status: { promoteFull: true },
        step: 3,
      }),
      verdict: {
        state: { stepEntries: [entry(), { ...terminate, phase: "Successful", ...done }] },
        events: [told("terminated (Successful)")],
        then: "continue",
      },
    },
    {
      name: "the last thing that a retried update undoes: it begins without entries",
      world: at({
        entries: [entry({ phase: "Successful" }), abort],
        reply: { phase: "Successful" },
        step: 0,
      }),
      verdict: {
        state: { stepEntries: [] },
        events: [told("aborted (Successful)")],
        then: "continue",
      },
    },
  ]);
});

Deno.test("step plugin: a call is recorded before it is made", () => {
  const begun = (operation: StepEntry["operation"], index = 1, name = CHECK) =>
    entry({ index, name, operation, startedAt: NOON });
  checkStage(pluginCall, [
    {
      name: "the step is reached",
      world: at(),
      verdict: { state: { stepEntries: [begun("Run")] }, then: "settle" },
    },
    {
      name: "only a Rollout that is Progressing runs plugins",
      world: at({ status: { phase: "Degraded" } }),
      verdict: { then: "continue" },
    },
    {
      name: "it waits for the plugin; the controller looks five seconds after the backoff",
      world: at({ entries: [entry({ executions: 1, updatedAt: NOON, backoff: "1m0s" })] }),
      verdict: { then: "continue", wakeAt: "2026-03-01T12:01:05Z" },
    },
    {
      name: "a plugin that is switched off is left out",
      world: at({ disabled: [CHECK] }),
      verdict: {
        state: {
          stepEntries: [
            {
              ...begun("Run"),
              phase: "Successful",
              updatedAt: NOON,
              finishedAt: NOON,
              disabled: true,
            },
          ],
        },
        then: "settle",
      },
    },
    { name: "nobody has the plugin", world: at({ known: [] }), verdict: { then: "continue" } },
    {
      name: "an abort has all steps undone that ran, or may have run",
      world: at({
        entries: [
          entry({ phase: "Successful", ...ANSWERED }),
          entry({ index: 2, name: "org/other" }),
        ],
        status: { abort: true, abortedAt: NOON },
        step: 0,
      }),
      verdict: {
        state: {
          stepEntries: [
            entry({ phase: "Successful", ...ANSWERED }),
            entry({ index: 2, name: "org/other" }),
            begun("Abort"),
            begun("Abort", 2, "org/other"),
          ],
        },
        then: "continue",
      },
    },
    {
      name: "an abort leaves alone what failed, was left out, or is undone already",
      world: at({
        entries: [
          entry({ phase: "Failed", ...ANSWERED }),
          entry({ index: 2, phase: "Successful", disabled: true }),
          entry({ index: 3, phase: "Successful" }),
          entry({ index: 3, operation: "Abort", phase: "Failed", executions: 1 }),
        ],
        status: { abort: true, abortedAt: NOON },
        step: 0,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a full promotion ends the last step that runs",
      world: at({
        entries: [entry({ ...ANSWERED }), entry({ index: 2, name: "org/other" })],
        status: { promoteFull: true },
        step: 3,
      }),
      verdict: {
        state: {
          stepEntries: [
            entry({ ...ANSWERED }),
            entry({ index: 2, name: "org/other" }),
            begun("Terminate", 2, "org/other"),
          ],
        },
        then: "continue",
      },
    },
    {
      name: "and does so once, also when it is over",
      world: at({
        entries: [entry(), entry({ operation: "Terminate", phase: "Failed", executions: 1 })],
        isPromoted: true,
        step: 3,
      }),
      verdict: { then: "continue" },
    },
    {
      name: "a step that was left behind by its own goes on until the update is over",
      world: at({ entries: [entry()], isPromoted: true, step: 3 }),
      verdict: { state: { stepEntries: [entry(), begun("Terminate")] }, then: "continue" },
    },
  ]);
});

Deno.test("step plugin: its step is complete when the plugin is done, left out, or ended", () => {
  const complete: ExpectedVerdict = {
    state: { stepIndex: 2 },
    events: ["Normal RolloutStepCompleted: Rollout step 2/3 completed (plugin: org/check)"],
    then: "settle",
  };
  const waits: ExpectedVerdict = { then: "settle" };
  const ended = entry({ operation: "Terminate", phase: "Failed", executions: 1 });
  checkStage(step, [
    { name: "not begun", world: at(), verdict: waits },
    { name: "begun", world: at({ entries: [entry()] }), verdict: waits },
    { name: "Error", world: at({ entries: [entry({ phase: "Error" })] }), verdict: waits },
    {
      name: "Successful",
      world: at({ entries: [entry({ phase: "Successful" })] }),
      verdict: complete,
    },
    { name: "Failed", world: at({ entries: [entry({ phase: "Failed" })] }), verdict: complete },
    {
      name: "left out",
      world: at({ entries: [entry({ phase: "Successful", disabled: true })] }),
      verdict: complete,
    },
    { name: "Running, and ended", world: at({ entries: [entry(), ended] }), verdict: complete },
    {
      name: "what an abort undoes is waited for",
      world: at({
        entries: [entry({ phase: "Successful" }), entry({ operation: "Abort" })],
      }),
      verdict: waits,
    },
  ]);
});

Deno.test("step plugin: however long it takes, the update is not late", () => {
  const long = condition("Progressing", { reason: "ReplicaSetUpdated" });
  const world = at({ entries: [entry()], status: { conditions: [long] } });
  assert.equal(progressDeadlineMs(situationOf(world), long), undefined);
});
