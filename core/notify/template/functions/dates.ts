/** Functions for times. The local time zone is UTC, as in the container of the controller. */
import { Fault } from "../../../analysis/condition/condition_error.ts";
import { formatTime, parseTime } from "../../../analysis/condition/go_layout.ts";
import {
  durationText,
  GoLocation,
  GoTime,
  parseDuration,
} from "../../../analysis/condition/go_time.ts";
import { define, type TemplateFunction } from "../template_function.ts";
import { type CallContext, Sized, type Value } from "../values.ts";

const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
/** Go's zero time: the first of January of the year 1. */
const YEAR_1_NS = -62135596800n * NS_PER_SECOND;

function now({ ports }: CallContext): GoTime {
  return new GoTime(BigInt(Math.trunc(ports.nowMs())) * NS_PER_MS);
}

/** A time, or seconds since 1970; for anything else the present. */
function timeOf(value: Value | undefined, context: CallContext): GoTime {
  if (value instanceof GoTime) return value;
  if (typeof value === "bigint") return new GoTime(value * NS_PER_SECOND);
  const isSeconds = value instanceof Sized && value.type === "int64";
  return isSeconds ? new GoTime(value.value * NS_PER_SECOND) : now(context);
}

/** What a name means: an unknown one is UTC. */
function zoneOf(name: string): GoLocation {
  if (name === "Local") return GoLocation.utc;
  return attempt(() => GoLocation.named(name)) ?? GoLocation.utc;
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** To ask the runtime's table of zones takes long. */
const ZONE_STEPS = 800;
/** To read or to write a time, or to move it. */
const TIME_STEPS = 40;

/** A time whose zone need not be looked up again. */
function settled(time: GoTime, { budget }: CallContext): GoTime {
  budget.step(ZONE_STEPS);
  const name = time.location.abbreviationAt(time.seconds);
  return new GoTime(time.ns, GoLocation.fixed(name, time.offsetSeconds));
}

const ISO_DATE = "2006-01-02";

function formatted(
  layout: Value | undefined,
  time: Value | undefined,
  zone: Value | undefined,
  context: CallContext,
): string {
  const { ns } = timeOf(time, context);
  const text = layout as string;
  context.budget.makeText(10 * text.length);
  context.budget.step(TIME_STEPS + text.length);
  const inZone = new GoTime(ns, zoneOf(zone as string));
  const isUtc = inZone.location === GoLocation.utc;
  return formatTime(isUtc ? inZone : settled(inZone, context), text);
}

const WRITING: readonly TemplateFunction[] = [
  define(
    "date",
    "string any",
    ([layout, time], context) => formatted(layout, time, "Local", context),
  ),
  ...["dateInZone", "date_in_zone"].map((name) =>
    define(
      name,
      "string any string",
      ([layout, time, zone], context) => formatted(layout, time, zone, context),
    )
  ),
  define("htmlDate", "any", ([time], context) => formatted(ISO_DATE, time, "Local", context)),
  define(
    "htmlDateInZone",
    "any string",
    ([time, zone], context) => formatted(ISO_DATE, time, zone, context),
  ),
  define("unixEpoch", "time", ([time]) => String((time as GoTime).seconds)),
];

function moved([by, time]: readonly Value[], { budget }: CallContext): GoTime {
  budget.step(TIME_STEPS);
  return (time as GoTime).plus(parseDuration(by as string).ns);
}

function read([layout, text]: readonly Value[], { budget }: CallContext): GoTime {
  budget.step(TIME_STEPS + (layout as string).length);
  return parseTime(text as string, layout as string);
}

const READING: readonly TemplateFunction[] = [
  define("now", "", (_, context) => now(context)),
  define(
    "toDate",
    "string string",
    (args, context) => attempt(() => read(args, context)) ?? new GoTime(YEAR_1_NS),
  ),
  define("mustToDate", "string string", read),
  ...["dateModify", "date_modify"].map((name) =>
    define(
      name,
      "string time",
      (args, context) => attempt(() => moved(args, context)) ?? args[1] as GoTime,
    )
  ),
  ...["mustDateModify", "must_date_modify"].map((name) => define(name, "string time", moved)),
];

/** Half away from zero. */
function toSeconds(ns: bigint): bigint {
  const half = NS_PER_SECOND / 2n;
  return (ns < 0n ? ns - half : ns + half) / NS_PER_SECOND * NS_PER_SECOND;
}

const UNITS: readonly (readonly [string, bigint])[] = [
  ["y", 365n * 86_400n * NS_PER_SECOND],
  ["mo", 30n * 86_400n * NS_PER_SECOND],
  ["d", 86_400n * NS_PER_SECOND],
  ["h", 3_600n * NS_PER_SECOND],
  ["m", 60n * NS_PER_SECOND],
  ["s", NS_PER_SECOND],
];

/** In the largest unit of which there is more than one. */
function roundedDuration(value: Value | undefined, context: CallContext): string {
  const ns = typeof value === "string"
    ? attempt(() => parseDuration(value).ns) ?? 0n
    : value instanceof GoTime
    ? now(context).ns - value.ns
    : value instanceof Sized && value.type === "int64"
    ? value.value
    : 0n;
  const size = ns < 0n ? -ns : ns;
  const unit = UNITS.find(([, length]) => size > length);
  return unit === undefined ? "0s" : `${size / unit[1]}${unit[0]}`;
}

function secondsText(value: Value | undefined): string {
  const seconds = typeof value === "string" && /^[+-]?[0-9]{1,18}$/.test(value)
    ? BigInt(value.replace(/^\+/, ""))
    : value instanceof Sized && value.type === "int64"
    ? value.value
    : 0n;
  return durationText(BigInt.asIntN(64, seconds * NS_PER_SECOND));
}

const DURATIONS: readonly TemplateFunction[] = [
  define(
    "ago",
    "any",
    ([time], context) => durationText(toSeconds(now(context).ns - timeOf(time, context).ns)),
  ),
  define("duration", "any", ([seconds]) => secondsText(seconds)),
  define("durationRound", "any", ([value], context) => roundedDuration(value, context)),
];

export const DATE_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...WRITING,
  ...READING,
  ...DURATIONS,
]);
