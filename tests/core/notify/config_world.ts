/** Configurations and Rollouts of tests about notifications. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { Notifier, NotifyCall } from "../../../sdk/notifier.ts";
import {
  type Facts,
  factsOf,
  type NotificationConfig,
  readConfig,
} from "../../../core/notify/mod.ts";

/** Takes everything, and remembers it. */
export function recordingNotifier(name: string, calls: NotifyCall[] = []): Notifier {
  return {
    name,
    send(call) {
      calls.push(call);
      return Promise.resolve({ is: "sent" });
    },
  };
}

export function configOf(
  data: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
  { isSelfService = false, namespace = "argo-rollouts" } = {},
): NotificationConfig {
  const notifiers = ["slack", "webhook", "email"].map((name) => recordingNotifier(name));
  const raw = { namespace, isSelfService, data, secrets };
  return readConfig(raw, { notifiers });
}

export function rolloutOf(
  annotations: Readonly<Record<string, string>> = {},
  parts: { readonly labels?: Record<string, string>; readonly status?: Rollout["status"] } = {},
): Rollout {
  const { labels = {}, status } = parts;
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "shop", uid: "uid-of-web", labels, annotations },
    spec: { replicas: 3 },
    ...(status === undefined ? {} : { status }),
  } as Rollout;
}

export function facts(rollout: Rollout): Facts {
  return factsOf(rollout, []);
}
