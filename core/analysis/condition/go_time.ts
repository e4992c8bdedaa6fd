/** Times and durations as Go has them. No clock is read here: `now()` is handed in. */
import { Fault } from "./condition_error.ts";
import { formatTime } from "./go_layout.ts";
import { lookUp } from "./look_up.ts";

export const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
export const SECONDS_PER_DAY = 86_400;

/** A time zone: a fixed offset, or a name that the runtime's own table knows. */
export class GoLocation {
  readonly #fields: Intl.DateTimeFormat | undefined;

  private constructor(
    readonly name: string,
    readonly offsetSeconds: number | undefined,
    fields?: Intl.DateTimeFormat,
  ) {
    this.#fields = fields;
  }

  static readonly utc: GoLocation = new GoLocation("UTC", 0);

  static fixed(name: string, offsetSeconds: number): GoLocation {
    return offsetSeconds === 0 && (name === "" || name === "UTC")
      ? GoLocation.utc
      : new GoLocation(name, offsetSeconds);
  }

  /** @throws {Fault} for a name that nobody knows */
  static named(name: string): GoLocation {
    if (name === "" || name === "UTC") return GoLocation.utc;
    // Intl takes any case; Go does not.
    if (!/^[A-Z]/.test(name)) throw new Fault(`unknown time zone ${name}`);
    try {
      return new GoLocation(name, undefined, fieldsIn(name));
    } catch {
      throw new Fault(`unknown time zone ${name}`);
    }
  }

  /** Seconds east of UTC at a time (seconds since 1970). */
  offsetAt(seconds: number): number {
    if (this.offsetSeconds !== undefined) return this.offsetSeconds;
    const parts = (this.#fields ?? fieldsIn(this.name)).formatToParts(seconds * 1000);
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? "0");
    const local = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    );
    return Math.round(local / 1000 - seconds);
  }

  /** The zone's short name at a time, such as `CEST`. */
  abbreviationAt(seconds: number): string {
    if (this.offsetSeconds !== undefined) return this.name;
    const text = new Intl.DateTimeFormat("en-GB", {
      timeZone: this.name,
      timeZoneName: "short",
    }).formatToParts(seconds * 1000).find(({ type }) => type === "timeZoneName")?.value ?? "";
    return text;
  }

  toString(): string {
    return this.name;
  }
}

/** @throws {RangeError} for a name that nobody knows */
function fieldsIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

/** The fields of a time in its zone. */
export interface CivilTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly yearDay: number;
}

export class GoTime {
  /** Nanoseconds since 1970. */
  constructor(readonly ns: bigint, readonly location: GoLocation = GoLocation.utc) {}

  /** The seconds since 1970, rounded down. */
  get seconds(): number {
    return Number(floorDivide(this.ns, NS_PER_SECOND));
  }

  get offsetSeconds(): number {
    return this.location.offsetAt(this.seconds);
  }

  civil(): CivilTime {
    const local = new Date((this.seconds + this.offsetSeconds) * 1000);
    const yearStart = civilMs(local.getUTCFullYear(), 1, 1);
    return {
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      nanosecond: Number(this.ns - floorDivide(this.ns, NS_PER_SECOND) * NS_PER_SECOND),
      weekday: local.getUTCDay(),
      yearDay: Math.floor((local.getTime() - yearStart) / (SECONDS_PER_DAY * 1000)) + 1,
    };
  }

  plus(ns: bigint): GoTime {
    return new GoTime(this.ns + ns, this.location);
  }

  toRfc3339(): string {
    return formatTime(this, "2006-01-02T15:04:05.999999999Z07:00");
  }

  toString(): string {
    return formatTime(this, "2006-01-02 15:04:05.999999999 -0700 MST");
  }
}

/** Milliseconds since 1970 of a day in UTC; years below 100 are what they say. */
export function civilMs(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** The time at which clocks of a zone show these fields. */
export function timeOfCivil(
  fields: { year: number; month: number; day: number; secondsOfDay: number; nanosecond: number },
  location: GoLocation,
): GoTime {
  const local = civilMs(fields.year, fields.month, fields.day) / 1000 + fields.secondsOfDay;
  // The offset holds at the result, which the offset moves: two looks find it.
  const guess = location.offsetAt(local);
  const offset = location.offsetAt(local - guess);
  return new GoTime(
    BigInt(local - offset) * NS_PER_SECOND + BigInt(fields.nanosecond),
    location,
  );
}

export class GoDuration {
  constructor(readonly ns: bigint) {}

  toString(): string {
    return durationText(this.ns);
  }
}

/** A named int of Go, such as a month: it is its own type. */
export class GoNamed {
  constructor(readonly typeName: string, readonly value: bigint, readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

const UNITS_NS: Readonly<Record<string, bigint>> = Object.freeze({
  ns: 1n,
  us: 1_000n,
  "µs": 1_000n,
  "μs": 1_000n,
  ms: NS_PER_MS,
  s: NS_PER_SECOND,
  m: 60n * NS_PER_SECOND,
  h: 3600n * NS_PER_SECOND,
});

/** @throws {Fault} for what Go does not read as a duration */
export function parseDuration(text: string): GoDuration {
  const invalid = (what = `invalid duration "${text}"`) => new Fault(`time: ${what}`);
  let rest = text.replace(/^[+-]/, "");
  const sign = text.startsWith("-") ? -1n : 1n;
  if (rest === "0") return new GoDuration(0n);
  if (rest === "") throw invalid();
  let total = 0n;
  while (rest !== "") {
    const [whole = "", digits = "", fraction] = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest) ?? [];
    if (digits === "" && (fraction ?? "") === "") throw invalid();
    rest = rest.slice(whole.length);
    const unit = /^[^0-9.]*/.exec(rest)?.[0] ?? "";
    if (unit === "") throw invalid(`missing unit in duration "${text}"`);
    const size = lookUp(UNITS_NS, unit);
    if (size === undefined) throw invalid(`unknown unit "${unit}" in duration "${text}"`);
    rest = rest.slice(unit.length);
    total += BigInt(digits === "" ? "0" : digits) * size;
    if (fraction !== undefined && fraction !== "") {
      total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
    }
    if (total > 2n ** 63n) throw invalid();
  }
  if (total > 2n ** 63n - (sign > 0n ? 1n : 0n)) throw invalid();
  return new GoDuration(sign * total);
}

/** As Go writes it: `1h30m0s`, `1.5s`, `2ms`. */
export function durationText(ns: bigint): string {
  if (ns === 0n) return "0s";
  const sign = ns < 0n ? "-" : "";
  const size = ns < 0n ? -ns : ns;
  if (size < NS_PER_SECOND) {
    const [unit, by] = size < 1_000n
      ? ["ns", 1n] as const
      : size < NS_PER_MS
      ? ["µs", 1_000n] as const
      : ["ms", NS_PER_MS] as const;
    return `${sign}${decimalText(size, by)}${unit}`;
  }
  const seconds = size % (60n * NS_PER_SECOND);
  const minutes = size / (60n * NS_PER_SECOND);
  const text = `${decimalText(seconds, NS_PER_SECOND)}s`;
  if (minutes === 0n) return sign + text;
  if (minutes < 60n) return `${sign}${minutes}m${text}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${text}`;
}

function decimalText(value: bigint, by: bigint): string {
  const rest = value % by;
  if (rest === 0n) return String(value / by);
  const digits = String(by).length - 1;
  const fraction = String(rest).padStart(digits, "0").replace(/0+$/, "");
  return `${value / by}.${fraction}`;
}
