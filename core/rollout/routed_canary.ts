/**
 * A canary with traffic routers, as the ordered list of its stages: that of `canary.ts`, with the
 * traffic behind the Services that it is sent to, and before the sizes that rest on its weights.
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
import { traffic } from "./stages/traffic.ts";

export const routedCanary: readonly Stage[] = Object.freeze([
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
  traffic,
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

/**
 * When only `spec.replicas` changed: sizes follow, and weights that the pods can take. Services
 * come first: what a weight sends to the canary goes to the pods that its Service selects.
 */
export const routedRescale: readonly Stage[] = Object.freeze([
  revision,
  services,
  traffic,
  scale,
]);
