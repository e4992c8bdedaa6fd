/** Whether the controller does its work, and what it waits for: for `/readyz`. */
import { timestamp } from "../api/values/time.ts";
import type { CacheSight } from "../engine/mod.ts";
import { ApiError, isForbidden, isNotFound, UnreachableError } from "../ports/api_error.ts";
import type { Outage } from "./reachability.ts";
import type { MissingRight } from "./rights.ts";

export interface Wait {
  /** `rollouts.argoproj.io`, `services in shop`, `API server`. */
  readonly what: string;
  readonly why: string;
  /** RFC 3339; absent: since the start. */
  readonly since?: string;
}

export interface Readiness {
  readonly isReady: boolean;
  /** Another controller leads, and this one would take over: that is ready, too. */
  readonly standingBy?: string;
  readonly waitingFor: readonly Wait[];
  /** What is missing, and holds up only what needs it. */
  readonly goingOnWithout: readonly Wait[];
}

/** What is known of a controller. */
export interface ControllerSight {
  readonly isStopping: boolean;
  /** Absent: the API server answers. */
  readonly outage?: Outage | undefined;
  readonly caches: readonly CacheSight[];
  /** What the controller may not write; default: nothing is known. */
  readonly rights?: readonly MissingRight[];
  /** Why another process acts and not this one; absent: this one does. */
  readonly standingBy?: string | undefined;
  /** Why this one could not take over now, in one sentence; absent: it could. */
  readonly leadershipTrouble?: string | undefined;
}

export function readinessOf(sight: ControllerSight): Readiness {
  const { isStopping, outage, caches, rights = [], standingBy, leadershipTrouble } = sight;
  const waitingFor = [
    ...isStopping ? [{ what: "shutdown", why: "the controller is stopping" }] : [],
    ...outage === undefined ? [] : [apiServerWait(outage)],
    ...leadershipTrouble === undefined
      ? []
      : [{ what: "leadership", why: inOneLine(leadershipTrouble) }],
    ...caches.flatMap((cache) => cache.isStanding ? cacheWaits(cache, outage) : []),
  ];
  return {
    isReady: waitingFor.length === 0,
    ...(standingBy === undefined ? {} : { standingBy }),
    waitingFor,
    goingOnWithout: [
      ...caches.flatMap((cache) => cache.isStanding ? [] : absences(cache)),
      ...rights.map(({ what, why, sinceMs }) => ({
        what: `the right to ${what}`,
        why: inOneLine(why),
        since: timestamp(sinceMs),
      })),
    ],
  };
}

function apiServerWait({ sinceMs, why }: Outage): Wait {
  return { what: "API server", why: inOneLine(why), since: timestamp(sinceMs) };
}

function cacheWaits(cache: CacheSight, outage: Outage | undefined): Wait[] {
  const { state, trouble } = cache;
  const error = trouble?.error;
  // A watch that ended, and a server that is busy, are soon over: what is known is good till then.
  if (state === "filled" && !isRefusal(error)) return [];
  const isOutage = outage !== undefined && error instanceof UnreachableError;
  const why = error === undefined || isOutage ? "it has not been listed yet" : causeOf(error);
  return [waitOf(cache, why)];
}

/** A kind that may be missing holds up what needs it and nothing else. */
function absences(cache: CacheSight): Wait[] {
  const { state, trouble } = cache;
  const isAbsent = state === "missing" || state === "forbidden";
  return isAbsent ? [waitOf(cache, causeOf(trouble?.error))] : [];
}

function waitOf(
  { type: { group, plural, namespaced }, namespace, trouble }: CacheSight,
  why: string,
): Wait {
  const kind = group === "" ? plural : `${plural}.${group}`;
  return {
    what: namespaced && namespace !== undefined ? `${kind} in ${namespace}` : kind,
    why,
    ...(trouble === undefined ? {} : { since: timestamp(trouble.sinceMs) }),
  };
}

function isRefusal(error: unknown): boolean {
  return isForbidden(error) || isNotFound(error) || isUnauthorized(error);
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.code === 401;
}

function causeOf(error: unknown): string {
  const message = inOneLine(error instanceof Error ? error.message : String(error ?? ""));
  if (isForbidden(error)) return `the controller may not list it: ${message}`;
  if (isNotFound(error)) return `the cluster does not know this kind: ${message}`;
  if (isUnauthorized(error)) return `the API server does not accept who we are: ${message}`;
  return message;
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** As people read it. */
export function readinessText(readiness: Readiness): string {
  const { isReady, standingBy, waitingFor, goingOnWithout } = readiness;
  const line = (opening: string, { what, why, since }: Wait) =>
    `${opening} ${what}${since === undefined ? "" : ` since ${since}`}: ${why}`;
  return [
    isReady ? "ready" : "not ready",
    ...standingBy === undefined ? [] : [`standing by: ${standingBy}`],
    ...waitingFor.map((wait) => line("waiting for", wait)),
    ...goingOnWithout.map((wait) => line("going on without", wait)),
    "",
  ].join("\n");
}

/** As programs read it. */
export function readinessJson(readiness: Readiness): string {
  const { isReady, ...rest } = readiness;
  return `${JSON.stringify({ ready: isReady, ...rest })}\n`;
}
