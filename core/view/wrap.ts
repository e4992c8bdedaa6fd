/** Text on screens that are narrower than its lines. */

/**
 * The lines of a text in so many columns, broken at blanks. A word that is longer than that stays
 * whole, for it is to be read and copied: the terminal may break it.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(" ")) {
    if (line === undefined) line = word;
    else if ([...line].length + 1 + [...word].length <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line ?? ""];
}

/** The line in so many columns; what does not fit goes on below, from a column on. */
export function wrapLine(
  line: string,
  { columns, indent }: { readonly columns: number; readonly indent: number },
): string[] {
  const letters = [...line];
  if (letters.length <= columns) return [line];
  const head = letters.slice(0, indent).join("");
  return wrapText(letters.slice(indent).join(""), columns - indent)
    .map((part, index) => `${index === 0 ? head : " ".repeat(indent)}${part}`);
}
