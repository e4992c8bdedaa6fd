/**
 * The engine: keeps caches fresh, takes keys from a queue, and runs passes
 * (observe → decide → apply → report) for controllers that bring a kind. It knows no kind, makes no
 * decision, and reads no clock but the port's. Start with `engine.ts`; what a pass can decide is in
 * `effect.ts`, what keeps a pass from acting on the past in `store.ts` and `own_writes.ts`.
 *
 * @module
 */
export type { Applied } from "./apply.ts";
export type { CacheName, CacheReader } from "./caches.ts";
export type { Controller, Question, Sight, Source } from "./controller.ts";
export type { Decision, Effect, Failure, Write } from "./effect.ts";
export { Engine, type EngineOptions, type PassReport } from "./engine.ts";
export { EventRecorder, type RecordedEvent } from "./event_recorder.ts";
export { FreezeGuard } from "./freeze_guard.ts";
export { type Key, keyOf, keyOfObject, refOfKey } from "./key.ts";
export { equalJson, mergePatch } from "./merge_patch.ts";
export { statusPatch } from "./status_patch.ts";
export type { Store } from "./store.ts";
