/** Pieces of work in the order in which they came up. */
export class PendingWork {
  #pieces: (() => void)[] = [];
  #next = 0;

  /** Adds a piece of work. */
  add(piece: () => void): void {
    this.#pieces.push(piece);
  }

  /** Gives what adds the work on an object, by its name or uid, unless that is waiting already. */
  once(work: (id: string) => void): (id: string) => void {
    const waiting = new Set<string>();
    return (id) => {
      if (waiting.has(id)) return;
      waiting.add(id);
      this.#pieces.push(() => {
        waiting.delete(id);
        work(id);
      });
    };
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
