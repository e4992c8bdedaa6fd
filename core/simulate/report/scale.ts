/** Where things are in a figure: widths, heights, and how times become places. */
import type { Course } from "./course.ts";

/** How wide a figure is, and what follows from it. Places are in CSS pixels. */
export interface Frame {
  readonly width: number;
  /** Where the plot begins and ends. */
  readonly left: number;
  readonly right: number;
  readonly mostTicks: number;
}

/** For screens and paper. */
export const WIDE: Frame = Object.freeze({ width: 1000, left: 44, right: 984, mostTicks: 10 });
/** For telephones. */
export const NARROW: Frame = Object.freeze({ width: 340, left: 36, right: 332, mostTicks: 5 });

/** The place of a time. */
export function placeOf(seconds: number, { endSeconds }: Course, { left, right }: Frame): number {
  return rounded(left + Math.min(1, seconds / endSeconds) * (right - left));
}

export function rounded(place: number): number {
  return Math.round(place * 10) / 10;
}

/** About how wide a text is in the letters of figures: rather too much than too little. */
export function widthOf(text: string): number {
  return text.length * 6.9 + 2;
}

/** The text, cut so that it fits. */
export function fitting(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const most = Math.max(0, Math.floor((width - 2) / 6.9) - 1);
  return `${text.slice(0, most)}…`;
}
