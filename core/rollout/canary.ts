/**
 * A canary without a traffic router, as the ordered list of its stages. The first stage that says
 * "settle" ends the pass; what it began is looked at by the next.
 */
import type { Stage } from "./situation.ts";
import { abort } from "./abort.ts";
import { fullPromotion } from "./full_promotion.ts";
import { analysis } from "./stages/analysis.ts";
import { experiment } from "./stages/experiment.ts";
import { deadline } from "./stages/deadline.ts";
import { handOver } from "./stages/hand_over.ts";
import { history } from "./stages/history.ts";
import { halt, pause } from "./stages/pause.ts";
import { metadata } from "./stages/metadata.ts";
import { promotion } from "./stages/promotion.ts";
import { release } from "./stages/release.ts";
import { restart, restartWhileHalted } from "./stages/restart.ts";
import { revision } from "./stages/revision.ts";
import { scale } from "./stages/scale.ts";
import { services } from "./stages/services.ts";
import { pluginCall, pluginReply } from "./stages/step_plugin.ts";
import { stepOn } from "./stages/step.ts";
import { unrouted } from "./stages/unrouted.ts";

export const canary: readonly Stage[] = Object.freeze([
  unrouted,
  revision,
  fullPromotion,
  deadline,
  analysis,
  experiment,
  pluginReply,
  abort,
  metadata,
  history,
  services,
  release,
  restartWhileHalted,
  halt,
  scale,
  handOver,
  restart,
  promotion,
  pause,
  pluginCall,
  stepOn,
  // What follows a completed step and needs no writes but the status.
  promotion,
  pause,
]);

/** When only `spec.replicas` changed: the sets follow, nothing else moves. */
export const rescale: readonly Stage[] = Object.freeze([unrouted, revision, scale]);
