/** The upper half of the screen: a label and a value on each line. */
import type { ExperimentScreen } from "./experiment_screen.ts";
import { type RowKind, statusIcon } from "./icons.ts";
import type { ImageInfo } from "./images.ts";
import { type Piece, word } from "./line.ts";
import type { RolloutInfo } from "./rollout_info.ts";
import { wrapText } from "./wrap.ts";

const LABEL_COLUMNS = 17;

/** The lines of the header that matter most: how it stands, why, and at which step. */
export function briefHeaderLines(info: RolloutInfo, columns?: number): Piece[][] {
  return [...statusLines("Rollout", info, columns), ...canaryLines(info).slice(0, 1)];
}

/** The lines of the header. */
export function headerLines(info: RolloutInfo, columns?: number): Piece[][] {
  return [
    field("Name:", info.name),
    field("Namespace:", info.namespace),
    ...statusLines("Rollout", info, columns),
    field("Strategy:", info.strategy),
    ...canaryLines(info),
    ...imageLines(info.images),
    field("Replicas:", ""),
    field("  Desired:", info.replicas.desired),
    field("  Current:", info.replicas.current),
    field("  Updated:", info.replicas.updated),
    field("  Ready:", info.replicas.ready),
    field("  Available:", info.replicas.available),
  ];
}

/** The lines of the header of an Experiment. */
export function experimentHeaderLines(info: ExperimentScreen, columns?: number): Piece[][] {
  return [
    field("Name:", info.name),
    field("Namespace:", info.namespace),
    ...statusLines("Experiment", info, columns),
    ...imageLines(info.images),
  ];
}

function imageLines(images: readonly ImageInfo[]): Piece[][] {
  return images.map((image, index) => labelled(index === 0 ? "Images:" : "", imagePieces(image)));
}

function statusLines(
  kind: RowKind,
  { status, message }: { readonly status: string; readonly message: string },
  columns = Infinity,
): Piece[][] {
  // The reason is what people look for: on a narrow screen it goes on below.
  const reason = wrapText(message, columns - LABEL_COLUMNS);
  return [
    labelled("Status:", [word(statusIcon(kind, status)), { text: ` ${status}` }]),
    ...(message === ""
      ? []
      : reason.map((line, index) => field(index === 0 ? "Message:" : "", line))),
  ];
}

function canaryLines({ canary }: RolloutInfo): Piece[][] {
  if (canary === undefined) return [];
  return [
    field("  Step:", canary.step),
    field("  SetWeight:", canary.setWeight),
    field("  ActualWeight:", canary.actualWeight),
  ];
}

function imagePieces({ image, tags }: ImageInfo): Piece[] {
  if (tags.length === 0) return [{ text: image }];
  const separated = tags.flatMap((tag, index) =>
    index === 0 ? [word(tag)] : [{ text: ", " }, word(tag)]
  );
  return [{ text: `${image} (` }, ...separated, { text: ")" }];
}

function field(label: string, value: string | number): Piece[] {
  return value === "" ? [{ text: label }] : labelled(label, [{ text: `${value}` }]);
}

function labelled(label: string, value: Piece[]): Piece[] {
  return [{ text: label.padEnd(LABEL_COLUMNS) }, ...value];
}
