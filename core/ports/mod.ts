/**
 * The ports: interfaces to everything that is not computation (cluster, clock, randomness, log),
 * with the errors of the cluster port. No implementation lives here: see `core/cluster`.
 *
 * @module
 */
export * from "./api_error.ts";
export * from "./clock.ts";
export * from "./cluster.ts";
export * from "./log.ts";
export * from "./random.ts";
