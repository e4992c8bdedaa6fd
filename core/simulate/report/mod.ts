/**
 * The page that `simulate -o html` writes: an outcome in, one self-contained document out.
 *
 * @module
 */
export { reportPage } from "./report.ts";
