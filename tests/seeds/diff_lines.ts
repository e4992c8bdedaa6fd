/** Differences between two lists of lines. */

/**
 * The lines that only one list has, as `- expected` and `+ actual` with their number in their
 * own list, from a longest common subsequence; none if the lists are equal.
 */
export function diffLines(expected: readonly string[], actual: readonly string[]): string[] {
  const lengths = commonLengths(expected, actual);
  const differences: string[] = [];
  let row = 0;
  let column = 0;
  while (row < expected.length || column < actual.length) {
    if (row < expected.length && expected[row] === actual[column]) {
      row++;
      column++;
    } else if (
      row < expected.length &&
      (column >= actual.length || at(lengths, row + 1, column) >= at(lengths, row, column + 1))
    ) {
      differences.push(`- ${row + 1}: ${expected[row++]}`);
    } else {
      differences.push(`+ ${column + 1}: ${actual[column++]}`);
    }
  }
  return differences;
}

/** Length of the longest common subsequence of the rests from each pair of positions on. */
function commonLengths(expected: readonly string[], actual: readonly string[]): number[][] {
  const lengths: number[][] = Array.from(
    { length: expected.length + 1 },
    () => new Array<number>(actual.length + 1).fill(0),
  );
  for (let row = expected.length - 1; row >= 0; row--) {
    for (let column = actual.length - 1; column >= 0; column--) {
      lengths[row]![column] = expected[row] === actual[column]
        ? 1 + at(lengths, row + 1, column + 1)
        : Math.max(at(lengths, row + 1, column), at(lengths, row, column + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly number[][], row: number, column: number): number {
  return lengths[row]?.[column] ?? 0;
}
