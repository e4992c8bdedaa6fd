/** Where things are. */
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** What `deno task bundle` writes. */
export const BUNDLE = `${ROOT}/dist`;

/** What is made for others: executables, packages, the chart. */
export const RELEASE = `${ROOT}/release`;
