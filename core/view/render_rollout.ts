/** The screen of `get rollout` as text. */
import { headerLines } from "./header.ts";
import { renderLine, type RenderOptions } from "./line.ts";
import type { RolloutInfo } from "./rollout_info.ts";
import { treeLines } from "./tree.ts";

/** The screen of a Rollout: header, empty line, tree; each line ends with a line break. */
export function renderRollout(info: RolloutInfo, options: RenderOptions = {}): string {
  return [...headerLines(info), [], ...treeLines(info)]
    .map((line) => `${renderLine(line, options)}\n`)
    .join("");
}
