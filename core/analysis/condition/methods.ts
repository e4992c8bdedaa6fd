/** Methods of times, durations, months and weekdays: what they take, give and do. */
import { Fault } from "./condition_error.ts";
import { formatTime, MONTHS, WEEKDAYS } from "./go_layout.ts";
import { floorDivide, GoDuration, GoLocation, GoNamed, GoTime, timeOfCivil } from "./go_time.ts";
import {
  BOOL,
  DURATION,
  FLOAT64,
  INT,
  INT64,
  LOCATION,
  STRING,
  TIME,
  type Type,
} from "./static_types.ts";
import type { Value } from "./values.ts";

export interface Method {
  readonly type: Extract<Type, { kind: "function" }>;
  readonly call: (self: Value, args: readonly Value[]) => Value;
}

function method(
  name: string,
  [parameters, result]: readonly [readonly Type[], Type],
  call: Method["call"],
): [string, Method] {
  return [name, { type: { kind: "function", name, parameters, result }, call }];
}

function ofTime(
  name: string,
  signature: readonly [readonly Type[], Type],
  call: (time: GoTime, args: readonly Value[]) => Value,
): [string, Method] {
  return method(name, signature, (self, args) => call(self as GoTime, args));
}

const MONTH: Type = { kind: "month" };
const WEEKDAY: Type = { kind: "weekday" };

function int(value: number | bigint): bigint {
  return BigInt(value);
}

function nsOf(value: Value | undefined): bigint {
  return (value as GoTime | GoDuration).ns;
}

/** Whole units since the beginning of Go's time, the year 1. */
const YEAR_1_NS = -62135596800n * 1_000_000_000n;

const TIME_FIELDS: readonly [string, Method][] = [
  ofTime("Year", [[], INT], (time) => int(time.civil().year)),
  ofTime("Month", [[], MONTH], monthOf),
  ofTime("Day", [[], INT], (time) => int(time.civil().day)),
  ofTime("Hour", [[], INT], (time) => int(time.civil().hour)),
  ofTime("Minute", [[], INT], (time) => int(time.civil().minute)),
  ofTime("Second", [[], INT], (time) => int(time.civil().second)),
  ofTime("Nanosecond", [[], INT], (time) => int(time.civil().nanosecond)),
  ofTime("Weekday", [[], WEEKDAY], weekdayOf),
  ofTime("YearDay", [[], INT], (time) => int(time.civil().yearDay)),
  ofTime("Unix", [[], INT64], (time) => int(time.seconds)),
  ofTime("UnixMilli", [[], INT64], (time) => floorDivide(time.ns, 1_000_000n)),
  ofTime("UnixMicro", [[], INT64], (time) => floorDivide(time.ns, 1_000n)),
  ofTime("UnixNano", [[], INT64], (time) => time.ns),
];

const TIME_STEPS: readonly [string, Method][] = [
  ofTime("Add", [[DURATION], TIME], (time, [by]) => time.plus(nsOf(by))),
  ofTime("AddDate", [[INT, INT, INT], TIME], addDate),
  ofTime("Sub", [[TIME], DURATION], (time, [other]) => new GoDuration(time.ns - nsOf(other))),
];

const TIME_QUESTIONS: readonly [string, Method][] = [
  ofTime("Before", [[TIME], BOOL], (time, [other]) => time.ns < nsOf(other)),
  ofTime("After", [[TIME], BOOL], (time, [other]) => time.ns > nsOf(other)),
  ofTime("Equal", [[TIME], BOOL], (time, [other]) => time.ns === nsOf(other)),
  ofTime("Compare", [[TIME], INT], (time, [other]) => signOf(time.ns - nsOf(other))),
  ofTime("IsZero", [[], BOOL], (time) => time.ns === YEAR_1_NS),
  ofTime("Truncate", [[DURATION], TIME], (time, [by]) => truncated(time, nsOf(by), false)),
  ofTime("Round", [[DURATION], TIME], (time, [by]) => truncated(time, nsOf(by), true)),
  ofTime("UTC", [[], TIME], (time) => new GoTime(time.ns)),
  ofTime("In", [[LOCATION], TIME], (time, [zone]) => new GoTime(time.ns, zone as GoLocation)),
  ofTime("Format", [[STRING], STRING], (time, [layout]) => formatTime(time, layout as string)),
  ofTime("String", [[], STRING], (time) => time.toString()),
];

const TIME_METHODS: ReadonlyMap<string, Method> = new Map([
  ...TIME_FIELDS,
  ...TIME_STEPS,
  ...TIME_QUESTIONS,
]);

function monthOf(time: GoTime): Value {
  const { month } = time.civil();
  return new GoNamed("time.Month", int(month), MONTHS[month - 1] ?? "");
}

function weekdayOf(time: GoTime): Value {
  const { weekday } = time.civil();
  return new GoNamed("time.Weekday", int(weekday), WEEKDAYS[weekday] ?? "");
}

function addDate(time: GoTime, [years, months, days]: readonly Value[]): Value {
  const civil = time.civil();
  return timeOfCivil({
    year: civil.year + Number(years),
    month: civil.month + Number(months),
    day: civil.day + Number(days),
    secondsOfDay: civil.hour * 3600 + civil.minute * 60 + civil.second,
    nanosecond: civil.nanosecond,
  }, time.location);
}

function signOf(difference: bigint): bigint {
  return difference < 0n ? -1n : difference > 0n ? 1n : 0n;
}

function truncated(time: GoTime, unit: bigint, isRounded: boolean): GoTime {
  if (unit <= 0n) return time;
  const since = time.ns - YEAR_1_NS;
  const rest = since - floorDivide(since, unit) * unit;
  const isUp = isRounded && rest * 2n >= unit;
  return time.plus(isUp ? unit - rest : -rest);
}

function ofDuration(
  name: string,
  result: Type,
  call: (ns: bigint, args: readonly Value[]) => Value,
  parameters: readonly Type[] = [],
): [string, Method] {
  return method(name, [parameters, result], (self, args) => call((self as GoDuration).ns, args));
}

const DURATION_METHODS: ReadonlyMap<string, Method> = new Map([
  ofDuration("Hours", FLOAT64, (ns) => Number(ns) / 3.6e12),
  ofDuration("Minutes", FLOAT64, (ns) => Number(ns) / 6e10),
  ofDuration("Seconds", FLOAT64, (ns) => Number(ns) / 1e9),
  ofDuration("Milliseconds", INT64, (ns) => ns / 1_000_000n),
  ofDuration("Microseconds", INT64, (ns) => ns / 1_000n),
  ofDuration("Nanoseconds", INT64, (ns) => ns),
  ofDuration("Abs", DURATION, (ns) => new GoDuration(ns < 0n ? -ns : ns)),
  ofDuration("Truncate", DURATION, (ns, [unit]) => {
    const by = nsOf(unit);
    return new GoDuration(by <= 0n ? ns : ns - (ns % by));
  }, [DURATION]),
  ofDuration("Round", DURATION, (ns, [unit]) => {
    const by = nsOf(unit);
    if (by <= 0n) return new GoDuration(ns);
    const rest = ns % by;
    const size = rest < 0n ? -rest : rest;
    const isUp = size * 2n >= by;
    return new GoDuration(ns - rest + (isUp ? (ns < 0n ? -by : by) : 0n));
  }, [DURATION]),
  ofDuration("String", STRING, (ns) => new GoDuration(ns).toString()),
]);

const NAMED_METHODS: ReadonlyMap<string, Method> = new Map([
  method("String", [[], STRING], (self) => String(self)),
]);

/** A method of values of this type; undefined where there is none. */
export function methodOf(type: Type, name: string): Method | undefined {
  if (type.kind === "time") return TIME_METHODS.get(name);
  if (type.kind === "duration") return DURATION_METHODS.get(name);
  const hasString = type.kind === "month" || type.kind === "weekday" || type.kind === "location";
  return hasString ? NAMED_METHODS.get(name) : undefined;
}

/** The same for a value whose type was not known before. */
export function methodOfValue(value: Value, name: string): Method | undefined {
  if (value instanceof GoTime) return TIME_METHODS.get(name);
  if (value instanceof GoDuration) return DURATION_METHODS.get(name);
  const hasString = value instanceof GoNamed || value instanceof GoLocation;
  return hasString ? NAMED_METHODS.get(name) : undefined;
}

/** Calls a method whose arguments nobody could check before. @throws {Fault} */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  const found = methodOfValue(self, name);
  if (found === undefined) throw new Fault(`cannot fetch ${name}`);
  if (args.length !== found.type.parameters.length) {
    throw new Fault(`${name} takes ${found.type.parameters.length} arguments, got ${args.length}`);
  }
  return found.call(self, args);
}
