/** The screen of `get experiment` as text. */
import type { ExperimentScreen } from "./experiment_screen.ts";
import { experimentHeaderLines } from "./header.ts";
import { renderLine, type RenderOptions } from "./line.ts";
import { experimentTree, treeLines } from "./tree.ts";

/** The screen of an Experiment: header, empty line, tree; each line ends with a line break. */
export function renderExperiment(info: ExperimentScreen, options: RenderOptions = {}): string {
  const { widthColumns: columns, heightRows: rows = Infinity } = options;
  const tree = treeLines(experimentTree(info), columns);
  const whole = [...experimentHeaderLines(info, columns), [], ...tree];
  const shown = whole.length <= rows ? whole : tree.slice(0, rows);
  return shown.map((line) => `${renderLine(line, options)}\n`).join("");
}
