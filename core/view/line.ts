/** A line of the screen, made of pieces that know their colour until the last moment. */
import { type Colour, colourOf, inColour } from "./colours.ts";

/** A run of text in one colour. */
export interface Piece {
  text: string;
  colour?: Colour | undefined;
}

/** How a screen is written. */
export interface RenderOptions {
  /** Writes terminal colours; off unless asked for. */
  color?: boolean;
  /** Cuts each line here, so that a narrow terminal never wraps one. */
  widthColumns?: number;
  /** Leaves out what matters least, so that a low terminal shows the rest. */
  heightRows?: number;
}

/** A piece with the colour that its text has by itself. */
export function word(text: string): Piece {
  return { text, colour: colourOf(text) };
}

/** Columns that pieces take: one for each character of whatever script. */
export function columnsOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + charactersOf(piece.text), 0);
}

/** The pieces followed by blanks up to a width. */
export function padded(pieces: readonly Piece[], width: number): Piece[] {
  return [...pieces, { text: " ".repeat(Math.max(0, width - columnsOf(pieces))) }];
}

/** The line as text. */
export function renderLine(pieces: readonly Piece[], options: RenderOptions): string {
  let left = options.widthColumns ?? Infinity;
  let line = "";
  for (const piece of pieces) {
    if (left <= 0) break;
    const text = firstCharacters(printable(piece.text), left);
    left -= charactersOf(text);
    const isColoured = options.color === true && piece.colour !== undefined && text !== "";
    line += isColoured ? inColour(text, piece.colour as Colour) : text;
  }
  return line;
}

// Messages come from other programs: a line break would tear the screen on redrawing, an escape
// sequence would steer the reader's terminal.
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

const ASCII = /^[\x20-\x7e]*$/;

// Most cells are plain ASCII, where a character is a code unit.
function charactersOf(text: string): number {
  return ASCII.test(text) ? text.length : [...text].length;
}

function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  return ASCII.test(text) ? text.slice(0, count) : [...text].slice(0, count).join("");
}
