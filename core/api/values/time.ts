/** Times as the API writes them: RFC 3339 in UTC with whole seconds. */

/** The second that `ms` falls in. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
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
