import { backToStable, cutover } from "../../../../core/rollout/stages/active_service.ts";
import { checkStage, type Row } from "../verdict_text.ts";
import { type SetShape, worldOf, type WorldShape } from "../world.ts";

const OLD: SetShape = { hash: "old", size: 4 };
const NEW: SetShape = { hash: "new", size: 4 };
const BLUE_GREEN = { activeService: "web", previewService: "next" };

const world = (selects: string | undefined, shape: WorldShape = {}) =>
  worldOf({
    replicas: 4,
    blueGreen: BLUE_GREEN,
    next: NEW,
    ...(shape.status?.stableRS === "new" ? {} : { stable: OLD }),
    ...shape,
    services: { web: selects === undefined ? { isManaged: false } : { selects } },
  });

/** The newest revision is the only one. */
const ALONE: WorldShape = { status: { stableRS: "new" } };

const OVERDUE = { abort: true, abortedAt: "2026-03-01T11:50:00Z" };

const verdict = (hash: string, taken = "") => ({
  effects: [`select web ${hash}${taken}`],
  state: { activeHash: hash },
  then: "settle" as const,
});

Deno.test("cutover() lets users reach the newest revision when all its pods are available", () => {
  const rows: Row[] = [
    { name: "they are", world: world("old"), verdict: verdict("new") },
    {
      name: "one is missing",
      world: world("old", { next: { ...NEW, available: 3 } }),
      verdict: {
        then: "settle",
        why: "waiting for the newest revision: 3 of 4 pods available",
      },
    },
    {
      name: "it is a preview of fewer pods",
      world: world("old", {
        blueGreen: { ...BLUE_GREEN, previewReplicaCount: 2 },
        next: { ...NEW, size: 2, available: 1 },
      }),
      verdict: {
        then: "settle",
        why: "waiting for the newest revision: 1 of 2 pods available",
      },
    },
    {
      name: "its size was chosen for other replicas",
      world: world("old", { next: { ...NEW, desired: 3 } }),
      verdict: { then: "settle" },
    },
    { name: "users are there", world: world("new"), verdict: { then: "continue" } },
    {
      name: "an abort keeps them where they are",
      world: world("old", { status: { abort: true } }),
      verdict: { then: "continue" },
    },
    {
      name: "the very first revision takes the Service over",
      world: world(undefined, ALONE),
      verdict: verdict("new", " (taken over)"),
    },
    {
      name: "the very first revision lacks a pod",
      world: world(undefined, { ...ALONE, next: { ...NEW, available: 3 } }),
      verdict: { then: "settle" },
    },
    {
      name: "no pods are wanted, whatever was wanted when it had some",
      world: world("old", {
        replicas: 0,
        stable: { ...OLD, size: 0 },
        next: { ...NEW, size: 0, desired: 4 },
      }),
      verdict: verdict("new"),
    },
    {
      name: "somebody pointed the Service elsewhere",
      world: world("other", ALONE),
      verdict: verdict("new"),
    },
  ];
  checkStage(cutover, rows);
});

Deno.test("backToStable() brings users back after an abort", () => {
  const aborted = { status: { abort: true } };
  const rows: Row[] = [
    {
      name: "they are with the newest",
      world: world("new", aborted),
      verdict: verdict("old"),
    },
    { name: "they are with stable", world: world("old", aborted), verdict: { then: "continue" } },
    { name: "nothing was aborted", world: world("new"), verdict: { then: "continue" } },
    {
      name: "stable lacks a pod, the newest does not: nobody is moved to fewer pods",
      world: world("new", { ...aborted, stable: { ...OLD, available: 3 } }),
      verdict: { then: "continue" },
    },
    {
      name: "stable lacks a pod, the newest lacks more",
      world: world("new", {
        ...aborted,
        stable: { ...OLD, available: 3 },
        next: { ...NEW, available: 2 },
      }),
      verdict: verdict("old"),
    },
    {
      name: "the abort takes too long: as many pods as the newest has are enough",
      world: world("new", {
        status: OVERDUE,
        stable: { ...OLD, available: 2 },
        next: { ...NEW, size: 2 },
      }),
      verdict: verdict("old"),
    },
    {
      name: "the abort takes too long, but stable has fewer pods",
      world: world("new", { status: OVERDUE, stable: { ...OLD, available: 2 } }),
      verdict: { then: "continue" },
    },
    {
      name: "the abort takes too long, but stable has none",
      world: world("new", {
        status: OVERDUE,
        stable: { ...OLD, available: 0 },
        next: { ...NEW, available: 0 },
      }),
      verdict: { then: "continue" },
    },
    {
      name: "they are with a revision that was replaced",
      world: world("mid", { ...aborted, past: [{ hash: "mid", size: 4 }] }),
      verdict: verdict("old"),
    },
    {
      name: "there is no other revision",
      world: world("new", { status: { abort: true, stableRS: "new" } }),
      verdict: { then: "continue" },
    },
  ];
  checkStage(backToStable, rows);
});

Deno.test("backToStable() gives a Service that selects no set to stable, not to the newest", () => {
  const rows: Row[] = [
    {
      name: "it selects all pods",
      world: world(undefined),
      verdict: verdict("old", " (taken over)"),
    },
    {
      name: "it selects all pods, and stable lacks one: it is not narrowed",
      world: world(undefined, { stable: { ...OLD, available: 3 } }),
      verdict: { then: "continue" },
    },
    {
      name: "it selects a set that is gone",
      world: world("gone", { stable: { ...OLD, available: 3 } }),
      verdict: verdict("old"),
    },
  ];
  checkStage(backToStable, rows);
});
