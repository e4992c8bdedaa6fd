/** Times for people. */

/** `90s`, `1m30.5s`, `2h0m5s` */
export function timeText(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.round((seconds % 60) * 1000) / 1000;
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return seconds < 120 ? `${Math.round(seconds * 1000) / 1000}s` : `${minutes}m${rest}s`;
}
