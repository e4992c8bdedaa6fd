/** A screen that is drawn again and again: only what changed is sent to the terminal. */

const SHOW_OTHER_SCREEN = "\x1b[?1049h";
const SHOW_MAIN_SCREEN = "\x1b[?1049l";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR = "\x1b[H\x1b[J";
const CLEAR_REST_OF_LINE = "\x1b[K";

/**
 * Draws on the terminal's other screen, as `top` and `watch` do: what the user had on the main
 * screen, and what can be scrolled back to, stays as it was.
 */
export class Redrawing {
  readonly #write: (text: string) => void;
  /** What the terminal shows; undefined when that is not known. */
  #shown: { readonly lines: readonly string[]; readonly size: string } | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  begin(): void {
    this.#write(`${SHOW_OTHER_SCREEN}${HIDE_CURSOR}${CLEAR}`);
    this.#shown = undefined;
  }

  /** Shows these lines, none wider than the screen; `size` tells a resized screen from the same. */
  show(lines: readonly string[], size: string): void {
    const isResized = this.#shown !== undefined && this.#shown.size !== size;
    const before = isResized ? [] : this.#shown?.lines ?? [];
    let text = isResized ? CLEAR : "";
    for (let row = 0; row < Math.max(lines.length, before.length); row++) {
      const line = lines[row] ?? "";
      if (line === (before[row] ?? "")) continue;
      text += `\x1b[${row + 1};1H${line}${CLEAR_REST_OF_LINE}`;
    }
    this.#shown = { lines: [...lines], size };
    if (text !== "") this.#write(text);
  }

  end(): void {
    this.#write(`${SHOW_CURSOR}${SHOW_MAIN_SCREEN}`);
  }
}
