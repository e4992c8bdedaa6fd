/** Operators of the language, and how strongly they bind. */

/** How strongly binary operators bind; `**` and `^` group from the right. */
export const PRECEDENCES: Readonly<Record<string, number>> = Object.freeze({
  "|": 0,
  "or": 10,
  "||": 10,
  "and": 15,
  "&&": 15,
  "==": 20,
  "!=": 20,
  "<": 20,
  ">": 20,
  ">=": 20,
  "<=": 20,
  "in": 20,
  "matches": 20,
  "contains": 20,
  "startsWith": 20,
  "endsWith": 20,
  "..": 25,
  "+": 30,
  "-": 30,
  "*": 60,
  "/": 60,
  "%": 60,
  "**": 100,
  "^": 100,
  "??": 500,
});

export const UNARY_PRECEDENCES: Readonly<Record<string, number>> = Object.freeze({
  "not": 50,
  "!": 50,
  "-": 90,
  "+": 90,
});

export const COMPARISONS: ReadonlySet<string> = new Set(["<", ">", "<=", ">="]);
/** Operators that `not` may stand before. */
export const NEGATABLE: ReadonlySet<string> = new Set([
  "in",
  "matches",
  "contains",
  "startsWith",
  "endsWith",
]);
