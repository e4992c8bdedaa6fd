/** Times as the API writes them: RFC 3339 in UTC with whole seconds. */

const DAY_SECONDS = 86_400;
/** Where years have other than four digits, or the time is none. */
const SECONDS_MAX = 253_402_300_800;
/** Days in 400 years, which is when the calendar repeats itself. */
const ERA_DAYS = 146_097;
/** Days from 0000-03-01 to 1970-01-01: from March on, a leap day is the last of its year. */
const FIRST_DAY = 719_468;

/** The second that `ms` falls in. */
export function timestamp(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (!(seconds >= 0 && seconds < SECONDS_MAX)) {
    return `${new Date(ms).toISOString().slice(0, 19)}Z`;
  }
  const day = Math.floor(seconds / DAY_SECONDS);
  const second = seconds - day * DAY_SECONDS;
  const days = day + FIRST_DAY;
  const era = Math.floor(days / ERA_DAYS);
  const dayOfEra = days - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  return textOf(year, { month, day: dayOfMonth, second });
}

const ZERO = 48;
const [DASH, COLON, LETTER_T, LETTER_Z] = [45, 58, 84, 90];

/** At once and not piece by piece: such a text is compared quickly. */
function textOf(
  year: number,
  { month, day, second }: { month: number; day: number; second: number },
): string {
  const [hours, minutes] = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
  const century = Math.floor(year / 100);
  return String.fromCharCode(
    tens(century),
    units(century),
    tens(year % 100),
    units(year),
    DASH,
    tens(month),
    units(month),
    DASH,
    tens(day),
    units(day),
    LETTER_T,
    tens(hours),
    units(hours),
    COLON,
    tens(minutes),
    units(minutes),
    COLON,
    tens(second % 60),
    units(second % 60),
    LETTER_Z,
  );
}

function tens(number: number): number {
  return ZERO + Math.floor(number / 10);
}

function units(number: number): number {
  return ZERO + number % 10;
}

/** The first whole second at or after `ms`: what starts then has not lasted too long already. */
export function timestampRoundedUp(ms: number): string {
  return timestamp(Math.ceil(ms / 1000) * 1000);
}

/** Milliseconds since 1970; undefined for an absent or unreadable time. */
export function timeMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
