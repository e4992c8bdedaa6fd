/** Names of notifications on the wire, as Argo Rollouts has them. */

/** The ConfigMap with triggers, templates, services and subscriptions. */
export const CONFIG_MAP_NAME = "argo-rollouts-notification-configmap";
/** The Secret whose keys services refer to as `$key`. */
export const SECRET_NAME = "argo-rollouts-notification-secret";
/** `subscribe.<trigger>.<service>` and `subscribe.<service>`, after the prefix. */
export const SUBSCRIBE_PREFIX = "notifications.argoproj.io/subscribe.";
/** Annotations that begin so hold a YAML list of subscriptions. */
export const SUBSCRIPTIONS_PREFIX = "notifications.argoproj.io/subscriptions";
/** What begins so in an annotation is about notifications. */
export const NOTIFICATIONS_PREFIX = "notifications.argoproj.io/";

/** The sentences of what is not there, byte for byte. */
export const NOT_THERE = Object.freeze({
  service: (name: string) => `notification service '${name}' is not supported`,
  serviceType: (type: string) => `service type '${type}' is not supported`,
  serviceKey: (key: string) =>
    `invalid service key; expected 'service.<type>(.<name>)' but got '${key}'`,
  template: (name: string) => `template '${name}' is not supported`,
  trigger: (name: string) => `trigger '${name}' is not configured`,
});

/** The trigger that an event of this reason fires: `RolloutCompleted`, `on-rollout-completed`. */
export function triggerOfReason(reason: string): string {
  const words = reason.match(/[A-Z]+(?![a-z])|[A-Z][^A-Z]*|[^A-Z]+/g) ?? [];
  return `on-${words.join("-").toLowerCase()}`;
}

/** Sluice's own: the event that says why somebody is not told. */
export const NOT_TOLD_REASON = "NotificationFailed";
