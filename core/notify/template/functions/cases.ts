/** Names in other spellings: `HTTPServer`, `http_server`, `http-server`, `HttpServer`. */

/** Runs of characters of one sort; a capital belongs to the small letters behind it. */
const PARTS = new RegExp(
  [
    "(?<joint>[-_\\s])",
    "(?<digits>\\p{Nd}+)",
    "(?<word>\\p{Lu}+(?=\\p{Lu}\\p{Ll})|\\p{Lu}\\p{Ll}+|\\p{Lu}+)",
    "(?<small>(?:(?!\\p{Lu})\\p{L})+)",
    "(?<mark>\\p{P})",
    "(?<symbol>[^-_\\s\\p{L}\\p{Nd}\\p{P}]+|[^])",
  ].join("|"),
  "gu",
);

type Sort = "joint" | "digits" | "word" | "small" | "mark" | "symbol";

interface Part {
  readonly sort: Sort;
  readonly text: string;
}

function partsOf(text: string): Part[] {
  return [...text.matchAll(PARTS)].map(({ 0: part, groups = {} }) => ({
    sort: Object.keys(groups).find((name) => groups[name] !== undefined) as Sort,
    text: part,
  }));
}

/** Small letters, words joined by a sign. Digits belong to the word before, or to small letters. */
export function toConnected(text: string, sign: string): string {
  const parts = partsOf(text);
  let result = "";
  // Digits with small letters behind them are one word, with all that goes on like this.
  let isInNumber = false;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    const goesOn: boolean = isInNumber && (part.sort === "digits" || part.sort === "small");
    if (before !== undefined && !goesOn && needsSign(before, part, parts[index + 1])) {
      result += sign;
    }
    isInNumber = goesOn || part.sort === "digits" && parts[index + 1]?.sort === "small";
    result += part.sort === "joint" ? sign : part.text.toLowerCase();
  }
  return result;
}

function needsSign(before: Part, part: Part, after: Part | undefined): boolean {
  const isBound = (each: Part) => each.sort === "joint" || each.sort === "mark";
  if (isBound(before) || isBound(part)) return false;
  return part.sort !== "digits" || after?.sort === "small";
}

const JOINTS = /([-_\s]+)/;
const CAPITAL = /^\p{Lu}/u;

/** Words without a sign between, each with a capital. Of several signs one goes. */
export function toPascalCase(text: string): string {
  const parts = text.split(JOINTS);
  const last = parts.length - 1;
  return parts.map((part, index) => {
    if (index % 2 === 0) return capitalized(part);
    const isOutside = index === 1 && parts[0] === "" || index === last - 1 && parts[last] === "";
    return isOutside ? part : part.slice(0, -1);
  }).join("");
}

/** Of capitals at the beginning only the first stays one. */
function capitalized(word: string): string {
  if (!CAPITAL.test(word)) {
    const [first = "", ...others] = word;
    return first.toUpperCase() + others.join("");
  }
  return word.replace(
    /^(\p{Lu})(\p{Lu}+)/u,
    (_, first: string, others: string) => first + others.toLowerCase(),
  );
}
