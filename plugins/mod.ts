/**
 * The registry of built-in plugins: one line for each, in `<kind>/<name>/`. A plugin imports only
 * `sdk/`, and the core knows none of them by name. This version has none.
 *
 * @module
 */
import type { Plugin } from "../sdk/mod.ts";

export const plugins: readonly Plugin[] = Object.freeze([]);
