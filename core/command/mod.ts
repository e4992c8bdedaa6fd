/**
 * What a user can tell a cluster to do: one function for each verb, over the cluster port. The
 * simulation's scripts, the tests on a real cluster and the command line call the same functions;
 * reading arguments and printing happens elsewhere.
 *
 * @module
 */
export { abort } from "./abort.ts";
export { apply } from "./apply.ts";
export { CommandLineError } from "./command_line_error.ts";
export {
  type Flag,
  type Flags,
  type FlagValues,
  readFlags,
  takeLeadingFlags,
  type Words,
} from "./flags.ts";
export {
  CREATE_RUN_VERBS,
  FROM_FLAG,
  readArguments,
  readTemplate,
  RUN_FLAGS,
  runOf,
} from "./create_run.ts";
export { pause } from "./pause.ts";
export { promote, type PromoteOptions } from "./promote.ts";
export { CommandRefused, ObjectNotFound } from "./refusal.ts";
export { restart, type RestartTime } from "./restart.ts";
export { retry } from "./retry.ts";
export { RUN_VERBS } from "./run_verbs.ts";
export { scale } from "./scale.ts";
export { setImage } from "./set_image.ts";
export { readRollout, type Target, toldIfMissing } from "./target.ts";
export { undo } from "./undo.ts";
export {
  type AnyVerb,
  type CommandContext,
  type CommandOf,
  readCount,
  readDurationMs,
  type Verb,
  verb,
} from "./verb.ts";
export { verbGroup, verbIn } from "./verb_words.ts";
export { onlyName, ROLLOUT_VERBS } from "./verbs.ts";
