/**
 * Notifications: who is told what, and when. A ConfigMap holds triggers, templates, services and
 * subscriptions; annotations of Rollouts hold more subscriptions. Triggers are looked at on each
 * change of a Rollout (`controller.ts`) and with each of its events (`notifications.ts`); messages
 * are sent by a queue beside all passes (`message_queue.ts`).
 *
 * Start at `notifications.ts`; what a configuration means is in `read_config.ts`. Deliberately
 * absent: how a service is sent to (these are plugins), the language of templates (`template/`) and
 * that of conditions (`core/analysis/condition`).
 *
 * @module
 */
export { Complaints } from "./complaints.ts";
export { isBroken, type NotificationConfig, type Problem, type RawConfig } from "./config.ts";
export { ConfigBoard, type ConfigBoardOptions, type LoadConfig } from "./config_board.ts";
export { NOTIFICATION_CONTROLLER, type NotificationWorld } from "./controller.ts";
export { configOfObjects, textsOfObjects } from "./config_objects.ts";
export { Courier, type CourierOptions } from "./courier.ts";
export { type Subscriber, subscribersOf } from "./destinations.ts";
export { type Facts, factsOf } from "./facts.ts";
export { problemLine } from "./key_reader.ts";
export { type Attempt, MessageQueue } from "./message_queue.ts";
export {
  CONFIG_MAP_NAME,
  NOT_THERE,
  SECRET_NAME,
  SUBSCRIBE_PREFIX,
  SUBSCRIPTIONS_PREFIX,
  triggerOfReason,
} from "./names.ts";
export { Notifications } from "./notifications.ts";
export { idOf, outgoingOf } from "./notice.ts";
export type { Mailer, Outcome, Outgoing } from "./outgoing.ts";
export { type ConfigParts, readConfig } from "./read_config.ts";
export { rolloutFacts } from "./rollout_facts.ts";
export {
  renderedTemplate,
  runTrigger,
  type ShownResult,
  shownTemplates,
  shownTriggers,
} from "./shown.ts";
export type { TemplatePorts } from "./template/mod.ts";
