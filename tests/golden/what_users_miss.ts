/** What entries and outcomes say about trouble, as golden text; nothing where there is none. */
import type { Outcome, TimelineEntry } from "../../core/simulate/mod.ts";

/** The workload, what keeps pods from getting ready, and what users miss. */
export function troubleTexts({ workload, troubles, warnings }: TimelineEntry): string[] {
  return [
    ...(workload === null ? [] : [`${workload.name}=${workload.available}/${workload.replicas}`]),
    ...troubles.map(({ of, reason }) => `!${of}: ${reason}`),
    ...warnings.map((warning) => `!!${warning}`),
  ];
}

/** Broken rules, and what users missed in all. */
export function gapsText({ result, users }: Outcome): string {
  const broken = result.violations.map(({ rule, message }) => `, ${rule}: ${message}`);
  const below = users.rollouts.flatMap(({ rollout, fewestAvailable, longestBelow }) =>
    longestBelow === null ? [] : [
      `, ${rollout} ${fewestAvailable?.pods} of ${fewestAvailable?.of} available, ` +
      `${longestBelow.seconds}s below ${longestBelow.required}`,
    ]
  );
  const empty = users.services.filter(({ longestEmpty, isPreview }) =>
    longestEmpty !== null && !isPreview
  ).map(({ service, emptySeconds }) => `, ${service} empty for ${emptySeconds}s`);
  const left = users.podsLeft.map(({ pod, reason }) => `, ${pod} left: ${reason}`);
  const gone = users.podsGone.map(({ pod }) => `, ${pod} gone for good`);
  return [...broken, ...below, ...empty, ...left, ...gone].join("");
}
