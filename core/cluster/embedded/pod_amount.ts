/** Numbers of pods, given as such or as a percentage of all. */
import { invalidValue } from "./metadata.ts";

const NOT_A_PERCENTAGE = "a valid percent string must be a numeric string followed by an ending " +
  "'%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** How many pods `2` or `"25%"` are, of so many. */
export function podsIn(amount: unknown, of: number, round: "up" | "down"): number {
  if (typeof amount === "number") return amount;
  const pods = (of * Number.parseInt(`${amount}`)) / 100;
  return round === "up" ? Math.ceil(pods) : Math.floor(pods);
}

/** Why this is no number of pods; undefined when it is one. */
export function podAmountProblem(amount: unknown): string | undefined {
  if (typeof amount === "number" && amount < 0) {
    return invalidValue(amount, "must be greater than or equal to 0");
  }
  if (typeof amount === "string" && !/^[0-9]+%$/.test(amount)) {
    return invalidValue(amount, NOT_A_PERCENTAGE);
  }
  return undefined;
}
