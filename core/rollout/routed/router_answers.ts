/** What routers are asked, and what their answers say. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { RegisteredRouter } from "../../../sdk/registry.ts";
import type { RouterScope, SeenTraffic, Verification } from "../../../sdk/traffic_router.ts";
import type { Answers } from "../../engine/mod.ts";
import type { Observation, Verified } from "./router_facts.ts";

/** The kinds of questions that routers answer. */
export const OBSERVE = "observe-traffic";
export const VERIFY = "verify-traffic";

/** What a router is asked when it is to look. */
export interface ObserveQuestion {
  readonly kind: typeof OBSERVE;
  readonly router: string;
  readonly scope: RouterScope;
  readonly objects: readonly KubeObject[];
  readonly [field: string]: unknown;
}

export function observeId({ name }: RegisteredRouter): string {
  return `traffic ${name}`;
}

export function verifyId({ name }: RegisteredRouter): string {
  return `verification ${name}`;
}

export function observationIn(answers: Answers, router: RegisteredRouter): Observation {
  const answer = answers.get(observeId(router));
  if (answer === undefined || answer.state === "pending") return { state: "pending" };
  return answer.state === "failed"
    ? { state: "failed", reason: answer.reason }
    : { state: "seen", seen: answer.value as SeenTraffic };
}

export function verifiedIn(answers: Answers, router: RegisteredRouter): Verified {
  const answer = answers.get(verifyId(router));
  if (answer === undefined || answer.state === "pending") return { verdict: "pending", events: [] };
  if (answer.state === "failed") return { verdict: "no", events: [] };
  const { verdict, events = [] } = answer.value as Verification;
  return { verdict, events };
}
