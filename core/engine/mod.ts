/**
 * The engine: keeps caches fresh, takes keys from a queue, and runs passes
 * (observe → decide → apply → report) for controllers that bring a kind. It knows no kind, makes no
 * decision, and reads no clock but the port's. Start with `engine.ts`; what a pass can decide is in
 * `effect.ts`, what keeps a pass from acting on the past in `store.ts` and `own_writes.ts`.
 *
 * @module
 */
export type { Applied, PlannedRoute } from "./apply.ts";
export { type GetQuestion, listedIn, type ListQuestion } from "./cluster_questions.ts";
export type { CacheName, CacheReader, CacheSight } from "./caches.ts";
export { DampedError } from "./damping.ts";
export type { Controller, Need, Sight, Source } from "./controller.ts";
export {
  type Decision,
  type Effect,
  type Failure,
  type RouteEffect,
  type Write,
  writeEffect,
} from "./effect.ts";
export type { Leadership } from "./leadership.ts";
export { Engine, type EngineOptions } from "./engine.ts";
export {
  type Answer,
  type Answerer,
  type Answers,
  type Inquiry,
  NO_ANSWERS,
  type Question,
} from "./inquiry.ts";
export { EventRecorder, type RecordedEvent } from "./event_recorder.ts";
export { type Fence, fenceOfTerm, OutdatedError } from "./fence.ts";
export { FreezeGuard } from "./freeze_guard.ts";
export { type Key, keyOf, keyOfObject, refOfKey } from "./key.ts";
export { presentObject } from "./present_object.ts";
export { equalJson, mergePatch } from "./merge_patch.ts";
export { type PassReport, writesOf } from "./pass.ts";
export type { Registry, RoutePlanner } from "./registry.ts";
export { type CacheState, Reflector } from "./reflector.ts";
export { type Status, statusPatch } from "./status_patch.ts";
export { type Slim, Store } from "./store.ts";
export { endSeenMs, type UnseenTime } from "./unseen.ts";
export type { QueueMeter } from "./work_queue.ts";
