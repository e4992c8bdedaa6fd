/**
 * A blue-green, as the ordered list of its stages: first what has come true, then what is to be
 * done. The newest revision gets pods beside the stable one's and the preview Service at once; the
 * last stage makes the active Service select it.
 */
import type { BlueGreen, Stage } from "./situation.ts";
import { abort } from "./abort.ts";
import { fullPromotion } from "./full_promotion.ts";
import { analysis } from "./stages/analysis.ts";
import { backToStable, cutover } from "./stages/active_service.ts";
import { cutoverPause } from "./stages/cutover_pause.ts";
import { cutoverPromotion } from "./stages/cutover_promotion.ts";
import { deadline } from "./stages/deadline.ts";
import { handOver } from "./stages/hand_over.ts";
import { history } from "./stages/history.ts";
import { opening } from "./stages/opening.ts";
import { metadata } from "./stages/metadata.ts";
import { halt } from "./stages/pause.ts";
import { preview } from "./stages/preview.ts";
import { release } from "./stages/release.ts";
import { restart, restartWhileHalted } from "./stages/restart.ts";
import { scale } from "./stages/scale.ts";
import { unrouted } from "./stages/unrouted.ts";

export const blueGreen: readonly Stage<BlueGreen>[] = Object.freeze([
  unrouted,
  opening,
  fullPromotion,
  deadline,
  analysis,
  abort,
  cutoverPromotion,
  backToStable,
  metadata,
  history,
  release,
  restartWhileHalted,
  halt,
  preview,
  scale,
  handOver,
  restart,
  cutoverPause,
  cutover,
]);

/** When only `spec.replicas` changed: the sets follow, nothing else moves. */
export const blueGreenRescale: readonly Stage<BlueGreen>[] = Object.freeze([
  unrouted,
  opening,
  scale,
]);
