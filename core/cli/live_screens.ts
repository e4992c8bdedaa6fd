/** What is followed, on a terminal that can draw anywhere and on one that can only print. */
import { Redrawing, type RenderOptions } from "../view/mod.ts";
import type { Terminal } from "./terminal.ts";

/** Of a terminal that does not know its size. */
const COLUMNS = 80;
const ROWS = 24;

/** Renders the present state, at a time. */
export type Render = (nowMs: number, options?: RenderOptions) => string;

/** States one below the other, for pipes, files and terminals that cannot do more. */
export class PrintedScreen {
  readonly #terminal: Terminal;
  #shown = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(render: Render): void {
    // At a time that never changes, states differ only in what is no age.
    const state = render(0);
    if (state === this.#shown) return;
    const gap = this.#shown === "" ? "" : "\n";
    this.#shown = state;
    this.#terminal.out(`${gap}${render(this.#terminal.clock.now())}`);
  }

  tell(text: string): void {
    this.#terminal.err(`Warning: ${text}\n`);
  }

  end(): void {}
}

/** One state in the place of the one before. */
export class DrawnScreen {
  readonly #terminal: Terminal;
  readonly #hasColour: boolean;
  readonly #redrawing: Redrawing;
  #last: Render | undefined;
  /** What went wrong since the last change. */
  #trouble = "";

  constructor(terminal: Terminal, { hasColour }: { readonly hasColour: boolean }) {
    this.#terminal = terminal;
    this.#hasColour = hasColour;
    this.#redrawing = new Redrawing(terminal.out);
  }

  show(render: Render): void {
    if (this.#last === undefined) this.#redrawing.begin();
    this.#last = render;
    this.#draw();
  }

  tell(text: string): void {
    this.#trouble = text;
    if (this.#last !== undefined) this.#draw();
    this.#trouble = "";
  }

  end(): void {
    if (this.#last === undefined) return;
    this.#redrawing.end();
    // What was seen last stays to be read.
    this.#terminal.out(this.#text(this.#last, {}));
  }

  #draw(): void {
    const { columns = COLUMNS, rows = ROWS } = this.#terminal.size();
    const room = this.#trouble === "" ? rows : rows - 1;
    const text = this.#text(this.#last as Render, { widthColumns: columns, heightRows: room });
    const lines = text.trimEnd().split("\n").slice(0, room);
    if (this.#trouble !== "") lines.push([...this.#trouble].slice(0, columns).join(""));
    this.#redrawing.show(lines, `${columns}x${rows}`);
  }

  #text(render: Render, options: RenderOptions): string {
    return render(this.#terminal.clock.now(), { color: this.#hasColour, ...options });
  }
}
