/** What a script can say, once it is read. */
import type { CommandOf } from "../command/mod.ts";
import type { Place } from "./address.ts";
import type { FAULT_VERBS } from "./fault_verbs.ts";
import type { USER_VERBS } from "./user_verbs.ts";

/** Something that a user tells the cluster to do. */
export type UserCommand = CommandOf<typeof USER_VERBS> & Place;

/** Something that happens to the world. */
export type Fault = CommandOf<typeof FAULT_VERBS>;

/** One thing that a user or the world does. */
export type Command = UserCommand | Fault;
