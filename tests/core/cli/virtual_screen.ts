/** What a terminal shows after what was written to it: as much of one as the program relies on. */
import assert from "node:assert/strict";

export class VirtualScreen {
  readonly #rows: number;
  readonly #columns: number;
  /** Of the screen that can be scrolled back, and of the other one. */
  #main: string[] = [];
  #other: string[] = [];
  #isOther = false;
  #row = 0;
  #column = 0;
  /** Where the cursor of the main screen was left. */
  #left = { row: 0, column: 0 };
  isCursorShown = true;
  /** Lines that went out at the top of the main screen. */
  readonly scrolledBack: string[] = [];
  /** Characters that were written, sequences aside. */
  written = 0;

  constructor({ rows, columns }: { rows: number; columns: number }) {
    this.#rows = rows;
    this.#columns = columns;
  }

  /** The lines that are seen, without blanks at their ends. */
  get lines(): string[] {
    return Array.from(
      { length: this.#rows },
      (_, row) => (this.#present[row] ?? "").trimEnd(),
    );
  }

  get isOther(): boolean {
    return this.#isOther;
  }

  get #present(): string[] {
    return this.#isOther ? this.#other : this.#main;
  }

  write(text: string): void {
    // deno-lint-ignore no-control-regex -- what a terminal is controlled by
    const parts = text.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|\n|[^\x1b\n]/gu);
    for (const [part, parameters, command] of parts) {
      if (command !== undefined) this.#sequence(parameters ?? "", command);
      else if (part === "\n") this.#lineBreak();
      else this.#put(part);
    }
  }

  #sequence(parameters: string, command: string): void {
    switch (`${parameters}${command}`) {
      case "?1049h":
        this.#left = { row: this.#row, column: this.#column };
        this.#isOther = true;
        this.#other = [];
        return;
      case "?1049l":
        this.#isOther = false;
        ({ row: this.#row, column: this.#column } = this.#left);
        return;
      case "?25l":
      case "?25h":
        this.isCursorShown = command === "h";
        return;
      case "J":
        this.#present.splice(this.#row + 1);
        return this.#clearRestOfLine();
      case "K":
        return this.#clearRestOfLine();
    }
    if (command === "m") return;
    assert.equal(command, "H", `the program sends what this screen does not know: ${parameters}`);
    const [row = "1", column = "1"] = parameters === "" ? [] : parameters.split(";");
    [this.#row, this.#column] = [Number(row) - 1, Number(column) - 1];
    assert.ok(this.#row < this.#rows, `row ${row} of ${this.#rows}`);
  }

  #clearRestOfLine(): void {
    const line = [...this.#present[this.#row] ?? ""].slice(0, this.#column);
    this.#present[this.#row] = line.join("");
  }

  #put(character: string): void {
    this.written++;
    assert.ok(
      !this.#isOther || this.#column < this.#columns,
      `wider than the screen: ${character}`,
    );
    const line = [...(this.#present[this.#row] ?? "").padEnd(this.#column)];
    line[this.#column++] = character;
    this.#present[this.#row] = line.join("");
  }

  #lineBreak(): void {
    this.#column = 0;
    if (this.#row + 1 < this.#rows) this.#row++;
    else this.scrolledBack.push(this.#present.shift() ?? "");
  }
}
