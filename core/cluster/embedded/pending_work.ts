/** Pieces of work in the order in which they came up; a piece with a key waits only once. */
export class PendingWork {
  #pieces: (() => void)[] = [];
  #next = 0;
  readonly #keys = new Set<string>();

  /** Adds a piece of work. */
  add(piece: () => void): void {
    this.#pieces.push(piece);
  }

  /** Adds a piece of work, unless one of that key is waiting already. */
  addOnce(key: string, piece: () => void): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.#pieces.push(() => {
      this.#keys.delete(key);
      piece();
    });
  }

  /** Does one piece; false when there is none. */
  step(): boolean {
    const piece = this.#pieces[this.#next];
    if (piece === undefined) return false;
    this.#next++;
    if (this.#next === this.#pieces.length) {
      this.#pieces = [];
      this.#next = 0;
    }
    piece();
    return true;
  }
}
