/** The lower half of the screen: the tree of revisions, ReplicaSets and pods in columns. */
import { colourOf } from "./colours.ts";
import { kindIcon, type RowKind, statusIcon } from "./icons.ts";
import { columnsOf, padded, type Piece, word } from "./line.ts";
import type { ExperimentScreen } from "./experiment_screen.ts";
import type { RolloutInfo } from "./rollout_info.ts";

const COLUMN_GAP = 2;
const TITLES = ["NAME", "KIND", "STATUS", "AGE", "INFO"];

const NAME = TITLES.indexOf("NAME");
const KIND = TITLES.indexOf("KIND");
/** What is left of a long name: its end tells two pods apart. */
const NAME_COLUMNS_MIN = 16;

/**
 * The lines of the tree, titles first, each column as wide as its longest cell. On a narrow screen
 * the kinds go first, which the icons tell as well, then the middle of long names.
 */
export function treeLines(root: TreeNode, columns = Infinity): Piece[][] {
  let rows: Row[] = [TITLES.map((title) => [{ text: title }])];
  addRows(rows, root, { own: "", below: "" });
  if (widthOf(rows) > columns) rows = rows.map((row) => row.toSpliced(KIND, 1));
  const tooMany = widthOf(rows) - columns;
  if (tooMany > 0) {
    const nameColumns = Math.max(NAME_COLUMNS_MIN, (widthsOf(rows)[NAME] ?? 0) - tooMany);
    rows = rows.map((row) => row.with(NAME, shortened(row[NAME] ?? [], nameColumns)));
  }
  const widths = widthsOf(rows);
  return rows.map((row) => lineOf(row, widths));
}

/** How wide each column is. */
function widthsOf(rows: readonly Row[]): number[] {
  return (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, columnsOf(row[column] ?? [])), 0)
  );
}

/** How wide the whole tree is. */
function widthOf(rows: readonly Row[]): number {
  return widthsOf(rows).reduce((sum, width) => sum + width + COLUMN_GAP, -COLUMN_GAP);
}

/** A cell whose last piece, the name, gives up its middle. */
function shortened(pieces: readonly Piece[], columns: number): Piece[] {
  const tooMany = columnsOf(pieces) - columns;
  const name = pieces.at(-1);
  if (tooMany <= 0 || name === undefined) return [...pieces];
  const letters = [...name.text];
  const kept = Math.max(2, letters.length - tooMany - 1);
  const end = Math.ceil(kept / 2);
  const text = `${letters.slice(0, kept - end).join("")}…${letters.slice(-end).join("")}`;
  return [...pieces.slice(0, -1), { ...name, text }];
}

/** One row of the tree before it is drawn; a revision has nothing but a name. */
export interface TreeNode {
  kind: RowKind;
  name: string;
  status?: string;
  age?: string;
  details?: readonly string[];
  children: readonly TreeNode[];
}

/** What stands before the name of a node, and before those of its children. */
interface Indent {
  own: string;
  below: string;
}

/** The cells of one line, each of pieces. */
type Row = Piece[][];

/** A Rollout above its revisions. */
export function rolloutTree(info: RolloutInfo): TreeNode {
  return {
    kind: "Rollout",
    name: info.name,
    status: info.status,
    age: info.age,
    children: info.revisions.map(({ revision, objects }) => ({
      kind: "Revision",
      name: `revision:${revision}`,
      children: objects,
    })),
  };
}

/** An Experiment above what it made. */
export function experimentTree({ name, status, age, objects }: ExperimentScreen): TreeNode {
  return { kind: "Experiment", name, status, age, children: objects };
}

function addRows(rows: Row[], node: TreeNode, indent: Indent): void {
  rows.push(rowOf(node, indent.own));
  for (const [index, child] of node.children.entries()) {
    const isLast = index === node.children.length - 1;
    addRows(rows, child, {
      own: `${indent.below}${isLast ? "└──" : "├──"}`,
      below: `${indent.below}${isLast ? "   " : "│  "}`,
    });
  }
}

function rowOf(node: TreeNode, indent: string): Row {
  const { kind, name, status, age = "", details = [] } = node;
  const nameCell = [
    { text: `${indent}${kindIcon(kind)} ` },
    { text: name, colour: nameColour(node) },
  ];
  return [
    nameCell,
    [{ text: kind === "Revision" ? "" : kind }],
    status === undefined ? [] : [word(statusIcon(kind, status)), { text: ` ${status}` }],
    [{ text: age }],
    details.flatMap((detail, index) =>
      index === 0 ? detailOf(detail) : [COMMA, ...detailOf(detail)]
    ),
  ];
}

const GOING_ON = colourOf("◌");

const COMMA: Piece = { text: "," };

/** A detail; of a count only the sign has a colour. */
function detailOf(detail: string): Piece[] {
  const [, sign = "", rest = ""] = /^([✔✖?⚠])( \d+)$/.exec(detail) ?? [];
  return sign === "" ? [word(detail)] : [word(sign), { text: rest }];
}

/** A ReplicaSet's name has the colour of the first part that it plays, a run's while it goes on. */
function nameColour({ kind, status, details = [] }: TreeNode): number | undefined {
  if (kind === "AnalysisRun" || kind === "Experiment") {
    return status === "Running" || status === "Pending" ? GOING_ON : undefined;
  }
  if (kind !== "ReplicaSet") return undefined;
  const tag = details.find((detail) => colourOf(detail) !== undefined);
  return tag === undefined ? undefined : colourOf(tag);
}

function lineOf(row: Row, widths: readonly number[]): Piece[] {
  const last = row.length - 1;
  return row.flatMap((cell, column) =>
    column === last ? cell : padded(cell, (widths[column] ?? 0) + COLUMN_GAP)
  );
}
