/** The screen of `get rollout` as text. */
import { briefHeaderLines, headerLines } from "./header.ts";
import { type Piece, renderLine, type RenderOptions } from "./line.ts";
import type { ObjectInfo } from "./object_info.ts";
import type { RolloutInfo } from "./rollout_info.ts";
import { rolloutTree, treeLines } from "./tree.ts";

/** The screen of a Rollout: header, empty line, tree; each line ends with a line break. */
export function renderRollout(info: RolloutInfo, options: RenderOptions = {}): string {
  return linesWithin(info, options)
    .map((line) => `${renderLine(line, options)}\n`)
    .join("");
}

/** The lines in so many rows: without most of the header first, then without pods. */
function linesWithin(
  info: RolloutInfo,
  { heightRows: rows = Infinity, widthColumns: columns }: RenderOptions,
): Piece[][] {
  const tree = treeLines(rolloutTree(info), columns);
  const whole = [...headerLines(info, columns), [], ...tree];
  if (whole.length <= rows) return whole;
  const header = [...briefHeaderLines(info, columns), []];
  const brief = [...header, ...tree];
  if (brief.length <= rows) return brief;
  return [...header, ...treeLines(rolloutTree(withoutPods(info)), columns)].slice(0, rows);
}

function withoutPods(info: RolloutInfo): RolloutInfo {
  const revisions = info.revisions.map(({ revision, objects }) => ({
    revision,
    objects: objects.map(withoutLeaves),
  }));
  return { ...info, revisions };
}

/** An object without the pods and Jobs below it. */
function withoutLeaves(object: ObjectInfo): ObjectInfo {
  const children = object.children.filter(({ kind }) => kind !== "Pod" && kind !== "Job");
  return { ...object, children: children.map(withoutLeaves) };
}
