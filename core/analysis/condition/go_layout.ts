/** Go's layouts of times: the reference time `Mon Jan 2 15:04:05 MST 2006`, written as wanted. */
import { Fault } from "./condition_error.ts";
import { GoLocation, type GoTime, timeOfCivil } from "./go_time.ts";

export const MONTHS: readonly string[] = Object.freeze([
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]);

export const WEEKDAYS: readonly string[] = Object.freeze([
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
]);

/** What stands for a part of a time, the longer before the shorter. */
const PARTS = [
  "January",
  "Monday",
  "2006",
  "-07:00:00",
  "-070000",
  "Z07:00:00",
  "Z070000",
  "-07:00",
  "-0700",
  "Z07:00",
  "Z0700",
  "Jan",
  "Mon",
  "MST",
  "002",
  "-07",
  "Z07",
  "01",
  "02",
  "03",
  "04",
  "05",
  "06",
  "15",
  "_2",
  "PM",
  "pm",
  "1",
  "2",
  "3",
  "4",
  "5",
] as const;

const FRACTION = /^[.,](0+|9+)(?![0-9])/;

/** A layout, cut into parts and the text between them. */
function partsOf(layout: string): { part: string; isText: boolean }[] {
  const found: { part: string; isText: boolean }[] = [];
  let text = "";
  let rest = layout;
  const flush = () => {
    if (text !== "") found.push({ part: text, isText: true });
    text = "";
  };
  while (rest !== "") {
    const fraction = FRACTION.exec(rest)?.[0];
    const part = fraction ?? PARTS.find((each) => rest.startsWith(each) && isWhole(each, rest));
    if (part === undefined) {
      text += rest[0];
      rest = rest.slice(1);
      continue;
    }
    flush();
    found.push({ part, isText: false });
    rest = rest.slice(part.length);
  }
  flush();
  return found;
}

/** `Jan` is no month in `Janet`, as in Go. */
function isWhole(part: string, rest: string): boolean {
  return part !== "Jan" && part !== "Mon" || !/^[a-z]/.test(rest.slice(part.length));
}

export function formatTime(time: GoTime, layout: string): string {
  return partsOf(layout)
    .map(({ part, isText }) => isText ? part : formatPart(time, part))
    .join("");
}

function formatPart(time: GoTime, part: string): string {
  const civil = time.civil();
  const two = (value: number) => String(value).padStart(2, "0");
  const hour12 = civil.hour % 12 === 0 ? 12 : civil.hour % 12;
  if (/^[.,]/.test(part)) return fractionText(civil.nanosecond, part);
  if (/^[-Z]07/.test(part)) return offsetText(time.offsetSeconds, part);
  const texts: Readonly<Record<string, string>> = {
    January: MONTHS[civil.month - 1] ?? "",
    Jan: (MONTHS[civil.month - 1] ?? "").slice(0, 3),
    Monday: WEEKDAYS[civil.weekday] ?? "",
    Mon: (WEEKDAYS[civil.weekday] ?? "").slice(0, 3),
    2006: String(civil.year).padStart(4, "0"),
    "06": two(civil.year % 100),
    "01": two(civil.month),
    1: String(civil.month),
    "02": two(civil.day),
    _2: String(civil.day).padStart(2, " "),
    2: String(civil.day),
    "002": String(civil.yearDay).padStart(3, "0"),
    15: two(civil.hour),
    "03": two(hour12),
    3: String(hour12),
    "04": two(civil.minute),
    4: String(civil.minute),
    "05": two(civil.second),
    5: String(civil.second),
    PM: civil.hour >= 12 ? "PM" : "AM",
    pm: civil.hour >= 12 ? "pm" : "am",
    MST: time.location.abbreviationAt(time.seconds) || offsetText(time.offsetSeconds, "-0700"),
  };
  return texts[part] ?? part;
}

function fractionText(nanosecond: number, part: string): string {
  const digits = String(nanosecond).padStart(9, "0").slice(0, part.length - 1);
  if (part[1] === "0") return `${part[0]}${digits}`;
  const short = digits.replace(/0+$/, "");
  return short === "" ? "" : `${part[0]}${short}`;
}

function offsetText(offset: number, part: string): string {
  if (part.startsWith("Z") && offset === 0) return "Z";
  const size = Math.abs(offset);
  const fields = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60]
    .map((value) => String(value).padStart(2, "0"));
  const count = part.replace(/[^0-9]/g, "").length / 2;
  return (offset < 0 ? "-" : "+") + fields.slice(0, count).join(part.includes(":") ? ":" : "");
}

interface Read {
  year: number;
  month: number;
  day: number;
  yearDay: number | undefined;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  isAfternoon: boolean | undefined;
  location: GoLocation | undefined;
}

/** @throws {Fault} when the text is not written like the layout */
export function parseTime(text: string, layout: string, location = GoLocation.utc): GoTime {
  const read: Read = {
    year: 0,
    month: 1,
    day: 1,
    yearDay: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    isAfternoon: undefined,
    location: undefined,
  };
  let rest = text;
  const fail = (part: string) =>
    new Fault(`parsing time "${text}" as "${layout}": cannot parse "${rest}" as "${part}"`);
  for (const { part, isText } of partsOf(layout)) {
    if (isText) {
      if (!rest.startsWith(part)) throw fail(part);
      rest = rest.slice(part.length);
      continue;
    }
    const used = readPart(rest, part, read);
    if (used === undefined) throw fail(part);
    rest = rest.slice(used);
    // A fraction may follow the seconds though the layout names none.
    const fraction = part === "05" || part === "5" ? /^[.,]([0-9]+)/.exec(rest) : null;
    if (fraction !== null && !/[.,][09]/.test(layout)) {
      read.nanosecond = Number(fraction[1]?.slice(0, 9).padEnd(9, "0"));
      rest = rest.slice(fraction[0].length);
    }
  }
  if (rest !== "") throw new Fault(`parsing time "${text}": extra text: "${rest}"`);
  return timeOf(read, { text, location });
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function timeOf(read: Read, { text, location }: { text: string; location: GoLocation }): GoTime {
  const outOfRange = (what: string) => new Fault(`parsing time "${text}": ${what} out of range`);
  const isLeap = read.year % 4 === 0 && (read.year % 100 !== 0 || read.year % 400 === 0);
  if (read.month < 1 || read.month > 12) throw outOfRange("month");
  const days = (MONTH_DAYS[read.month - 1] ?? 31) + (read.month === 2 && isLeap ? 1 : 0);
  if (read.day < 1 || read.day > days) throw outOfRange("day");
  if (read.hour > 23) throw outOfRange("hour");
  if (read.minute > 59) throw outOfRange("minute");
  if (read.second > 59) throw outOfRange("second");
  let hour = read.hour;
  if (read.isAfternoon === true && hour < 12) hour += 12;
  if (read.isAfternoon === false && hour === 12) hour = 0;
  return timeOfCivil({
    year: read.year,
    month: read.yearDay === undefined ? read.month : 1,
    day: read.yearDay ?? read.day,
    secondsOfDay: hour * 3600 + read.minute * 60 + read.second,
    nanosecond: read.nanosecond,
  }, read.location ?? location);
}

/** Takes a part from the front; gives how many characters it took, undefined: it is not there. */
function readPart(rest: string, part: string, read: Read): number | undefined {
  const digits = (pattern: RegExp, take: (value: number) => void): number | undefined => {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) return undefined;
    take(Number(found));
    return found.length;
  };
  if (/^[.,]/.test(part)) return readFraction(rest, part, read);
  if (/^[-Z]07/.test(part)) return readOffset(rest, part, read);
  switch (part) {
    case "2006":
      return digits(/^[0-9]{4}/, (value) => read.year = value);
    case "06":
      return digits(/^[0-9]{2}/, (value) => read.year = value + (value >= 69 ? 1900 : 2000));
    case "01":
      return digits(/^[0-9]{2}/, (value) => read.month = value);
    case "1":
      return digits(/^[0-9]{1,2}/, (value) => read.month = value);
    case "02":
      return digits(/^[0-9]{2}/, (value) => read.day = value);
    case "_2":
      return digits(/^ ?[0-9]{1,2}/, (value) => read.day = value);
    case "2":
      return digits(/^[0-9]{1,2}/, (value) => read.day = value);
    case "002":
      return digits(/^[0-9]{3}/, (value) => read.yearDay = value);
    case "15":
    case "03":
      return digits(/^[0-9]{2}/, (value) => read.hour = value);
    case "3":
      return digits(/^[0-9]{1,2}/, (value) => read.hour = value);
    case "04":
      return digits(/^[0-9]{2}/, (value) => read.minute = value);
    case "4":
      return digits(/^[0-9]{1,2}/, (value) => read.minute = value);
    case "05":
      return digits(/^[0-9]{2}/, (value) => read.second = value);
    case "5":
      return digits(/^[0-9]{1,2}/, (value) => read.second = value);
    default:
      return readWord(rest, part, read);
  }
}

function readWord(rest: string, part: string, read: Read): number | undefined {
  const find = (names: readonly string[]): number =>
    names.findIndex((name) => rest.toLowerCase().startsWith(name.toLowerCase()));
  switch (part) {
    case "January":
    case "Jan": {
      const names = part === "Jan" ? MONTHS.map((name) => name.slice(0, 3)) : MONTHS;
      const index = find(names);
      if (index < 0) return undefined;
      read.month = index + 1;
      return names[index]?.length;
    }
    case "Monday":
    case "Mon": {
      const names = part === "Mon" ? WEEKDAYS.map((name) => name.slice(0, 3)) : WEEKDAYS;
      return names[find(names)]?.length;
    }
    case "PM":
    case "pm": {
      const word = rest.slice(0, 2);
      const isUpper = part === "PM";
      if (word === (isUpper ? "PM" : "pm")) read.isAfternoon = true;
      else if (word === (isUpper ? "AM" : "am")) read.isAfternoon = false;
      else return undefined;
      return 2;
    }
    case "MST": {
      const word = /^(?:[A-Z]{3,4}|UTC|GMT(?:[+-][0-9]{1,2})?)/.exec(rest)?.[0];
      if (word === undefined) return undefined;
      // An abbreviation alone names no offset; Go makes one up of 0.
      read.location ??= GoLocation.fixed(word, 0);
      return word.length;
    }
    default:
      return undefined;
  }
}

function readFraction(rest: string, part: string, read: Read): number | undefined {
  const found = /^[.,]([0-9]+)/.exec(rest);
  if (found === null) return part[1] === "9" ? 0 : undefined;
  const digits = found[1] ?? "";
  if (part[1] === "0" && digits.length < part.length - 1) return undefined;
  const used = part[1] === "0" ? digits.slice(0, part.length - 1) : digits;
  read.nanosecond = Number(used.slice(0, 9).padEnd(9, "0"));
  return used.length + 1;
}

function readOffset(rest: string, part: string, read: Read): number | undefined {
  if (part.startsWith("Z") && rest.startsWith("Z")) {
    read.location = GoLocation.utc;
    return 1;
  }
  const colon = part.includes(":") ? ":" : "";
  const count = part.replace(/[^0-9]/g, "").length / 2;
  const pattern = new RegExp(`^([+-])([0-9]{2})${`${colon}([0-9]{2})`.repeat(count - 1)}`);
  const found = pattern.exec(rest);
  if (found === null) return undefined;
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = found;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  read.location = GoLocation.fixed("", sign === "-" ? -size : size);
  return found[0].length;
}
