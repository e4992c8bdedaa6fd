/** What is to be true of a Rollout's traffic, as a value; how it comes about is a router's work. */

/**
 * Where the requests of a Rollout go. `stable.weight + canary.weight + Σ additional weights` is
 * `maxWeight`; no weight is below 0 or above `maxWeight`; all are whole numbers.
 */
export interface TrafficIntent {
  /** The weight that means all traffic: 100, unless `maxTrafficWeight` says otherwise. */
  readonly maxWeight: number;
  readonly stable: Destination;
  readonly canary: Destination;
  /** Destinations of experiments, in the order in which they are to be listed; mostly none. */
  readonly additional: readonly Destination[];
  /**
   * Names of the routes that are the Rollout's to make and remove, in the order in which they are
   * to be tried. What is in this list and neither in `headerRoutes` nor in `mirrorRoutes` must not
   * exist. Routes with other names belong to somebody else.
   */
  readonly managedRoutes: readonly string[];
  /** Routes to the canary that exist now, in the order of `managedRoutes`. */
  readonly headerRoutes: readonly HeaderRoute[];
  /** Copies to the canary that exist now, in the order of `managedRoutes`. */
  readonly mirrorRoutes: readonly MirrorRoute[];
}

/** Pods that requests can be sent to. */
export interface Destination {
  /**
   * The Service that selects them: with ping-pong, the one whose turn it is. Empty only where the
   * router needs no Services.
   */
  readonly service: string;
  /** The hash of their pod template, for routers whose subsets select pods by label. */
  readonly podTemplateHash: string;
  /** A whole number from 0 to `maxWeight`. */
  readonly weight: number;
}

/** Requests that match reach the canary, whatever its weight. */
export interface HeaderRoute {
  readonly name: string;
  /** At least one; a request that matches any of them is taken. */
  readonly match: readonly HeaderMatch[];
}

/** A header, and what its value must be. */
export interface HeaderMatch {
  readonly headerName: string;
  readonly headerValue: StringMatch;
}

/** Exactly one of the three is set. */
export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  /** In the syntax of whoever routes; mostly RE2. */
  readonly regex?: string;
}

/** Requests that match are answered by whoever they go to, and copied to the canary. */
export interface MirrorRoute {
  readonly name: string;
  /** At least one; a request that matches any of them is copied. */
  readonly match: readonly RequestMatch[];
  /** The share that is copied, 0 to 100; absent: all. */
  readonly percentage?: number;
}

/** A request; what is absent may be anything, what is set must match. */
export interface RequestMatch {
  readonly method?: StringMatch;
  readonly path?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
}
