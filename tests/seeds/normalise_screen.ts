/** Screens of `get rollout` without what differs from run to run. */
import { hashesIn, type HashMap, mapHashes } from "./hash_map.ts";

const POD_SUFFIX = /(□ \S+-)[bcdfghjklmnpqrstvwxz2456789]{5}(?=\s|$)/;
const DURATION = "(?:\\d+[smhdy]){1,2}";
const AGE_CELL = new RegExp(`(?<=\\s{2})${DURATION}(?=\\s{2}|\\s*$)`);
const DELAY = new RegExp(`(?<=[\\s,]delay:)${DURATION}(?=[\\s,]|$)`);
const ECHOED_COMMAND = /^(?:\$ )?kubectl .*$/;

/**
 * A screen with placeholders for hashes, pod suffixes, ages and running delays, every run of
 * blanks as two, and without trailing blanks, surrounding empty lines and the echo of its command
 * that the documents repeat in three places as its first line.
 *
 * Without a map the hashes are numbered as they appear on this screen; with the map of a whole
 * run, a hash keeps its number from screen to screen.
 */
export function normaliseScreen(text: string, hashes: HashMap = hashesIn([text])): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line !== "" && !ECHOED_COMMAND.test(line));
  const end = lines.findLastIndex((line) => line !== "") + 1;
  const shown = start < 0 ? [] : lines.slice(start, end);
  const treeStart = shown.indexOf("") + 1;
  return shown.map((line, index) => {
    const text = mapHashes(line, hashes);
    const isTreeRow = treeStart > 0 && index > treeStart;
    return (isTreeRow ? withoutTimes(text) : text).replace(/ {2,}/g, "  ");
  }).join("\n");
}

function withoutTimes(line: string): string {
  return line.replace(POD_SUFFIX, "$1<pod>").replace(AGE_CELL, "<age>").replace(DELAY, "<time>");
}
