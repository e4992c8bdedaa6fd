/** Paths, by Node's own functions. */
import { fileURLToPath } from "node:url";

export { dirname, join, relative } from "node:path";

export function fromFileUrl(url: string): string {
  return fileURLToPath(url);
}
