/** Durations as Go writes them. */

const NANOSECONDS: Readonly<Record<string, bigint>> = Object.freeze({
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
});
const LONGEST_NANOSECONDS = (1n << 63n) - 1n;

/**
 * Milliseconds of a Go duration such as `1h30m`, `1.5h` or `-100ms`; undefined for anything that
 * Go refuses (no unit, blanks, more than about 292 years).
 */
export function parseGoDuration(text: string): number | undefined {
  const nanoseconds = goNanoseconds(text);
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}

/** What Go says about a text that is no duration; undefined for one that is. */
export function goDurationProblem(text: string): string | undefined {
  if (goNanoseconds(text) !== undefined) return undefined;
  const part = /([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/y;
  part.lastIndex = /^[+-]/.test(text) ? 1 : 0;
  while (part.lastIndex < text.length) {
    const [, whole = "", fraction = "", unit = ""] = part.exec(text) ?? [];
    if (whole === "" && fraction === "") break;
    if (unit === "") return `time: missing unit in duration ${quoted(text)}`;
    if (!Object.hasOwn(NANOSECONDS, unit)) {
      return `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`;
    }
  }
  return `time: invalid duration ${quoted(text)}`;
}

/** In quotes; whatever is no printable ASCII stands as its bytes. */
function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(
    /[^\x20-\x7f]+/g,
    (other) =>
      [...new TextEncoder().encode(other)]
        .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  return `"${escaped}"`;
}

/** Nanoseconds of a Go duration; undefined for anything that Go refuses. */
export function goNanoseconds(text: string): bigint | undefined {
  const signed = /^([+-]?)(.*)$/s.exec(text);
  const body = signed?.[2] ?? "";
  const negative = signed?.[1] === "-";
  if (body === "0") return 0n;
  if (body === "") return undefined;
  let total = 0n;
  const part = /([0-9]*)(?:\.([0-9]*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
  while (part.lastIndex < body.length) {
    const match = part.exec(body);
    if (match === null) return undefined;
    const [, whole = "", fraction = "", unit = ""] = match;
    if (whole === "" && fraction === "") return undefined;
    total += partNanoseconds({ whole, fraction, unit: NANOSECONDS[unit] ?? 0n });
    // The most negative duration is one nanosecond longer than the longest positive one.
    if (total > LONGEST_NANOSECONDS + (negative ? 1n : 0n)) return undefined;
  }
  return negative ? -total : total;
}

function partNanoseconds(part: { whole: string; fraction: string; unit: bigint }): bigint {
  // Eighteen digits are more than a nanosecond can tell apart, and bound the work.
  const fraction = part.fraction.slice(0, 18);
  const whole = part.whole.replace(/^0+/, "");
  if (whole.length > 19) return LONGEST_NANOSECONDS * 2n;
  const fractionPart = fraction === ""
    ? 0n
    : (BigInt(fraction) * part.unit) / 10n ** BigInt(fraction.length);
  return BigInt(whole === "" ? "0" : whole) * part.unit + fractionPart;
}
