/** Which of some names was probably meant. */

/** More changed letters than this are another word, not a slip. */
const CHANGES_MAX = 2;

/** The name that is most like the word; undefined when none is like it. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const plain = word.toLowerCase();
  let found: { name: string; changes: number } | undefined;
  for (const name of names) {
    const changes = changesBetween(plain, name.toLowerCase());
    // A short word has little that could be the same by chance.
    const isLike = changes <= CHANGES_MAX && changes < name.length / 2;
    if (isLike && (found === undefined || changes < found.changes)) found = { name, changes };
  }
  return found?.name;
}

/** Letters to add, remove, replace or swap with their neighbour. */
function changesBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let changes = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwapped) {
        changes = Math.min(changes, (beforeLast[column - 2] ?? 0) + 1);
      }
      next.push(changes);
    }
    [beforeLast, last] = [last, next];
  }
  return last[to.length] ?? 0;
}
