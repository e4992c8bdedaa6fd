/** The flags by which several controllers agree on one leader. */
import { CommandLineError } from "../command/command_line_error.ts";
import type { Flags, FlagValues } from "../command/flags.ts";
import { type ElectionTimes, timesProblem } from "../controller/leadership/election.ts";
import { parseGoDuration } from "../../sdk/wire/go_duration.ts";

export const LEADER_FLAGS = {
  "leader-elect": { isOn: true, about: "Of several controllers only one acts (default: true)" },
  "leader-election-lease-duration": {
    value: "DURATION",
    default: "15s",
    about: "So long after its last renewal others leave the Lease of a leader alone",
  },
  "leader-election-renew-deadline": {
    value: "DURATION",
    default: "10s",
    about: "A leader that cannot renew for so long acts no more",
  },
  "leader-election-retry-period": {
    value: "DURATION",
    default: "2s",
    about: "How often a leader renews; who stands by looks more than twice as often",
  },
  force: { about: "Start although another controller looks after the same Rollouts" },
} as const satisfies Flags;

/** Undefined: nobody is elected. @throws {CommandLineError} */
export function readLeaderFlags(flags: FlagValues<typeof LEADER_FLAGS>): ElectionTimes | undefined {
  const times = {
    leaseDurationMs: durationOf(flags, "leader-election-lease-duration"),
    renewDeadlineMs: durationOf(flags, "leader-election-renew-deadline"),
    retryPeriodMs: durationOf(flags, "leader-election-retry-period"),
  };
  if (!flags["leader-elect"]) return undefined;
  const problem = timesProblem(times);
  if (problem !== undefined) throw new CommandLineError(problem);
  return times;
}

function durationOf(
  flags: FlagValues<typeof LEADER_FLAGS>,
  name: Exclude<keyof typeof LEADER_FLAGS, "leader-elect" | "force">,
): number {
  const durationMs = parseGoDuration(flags[name]);
  if (durationMs !== undefined) return durationMs;
  throw new CommandLineError(`invalid value "${flags[name]}" for --${name}; use 15s, 1m or 500ms`);
}
