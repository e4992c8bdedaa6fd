import { UnreachableError } from "../../ports/api_error.ts";

/** No answer, and asking again at once would not bring one: silence, no token, a closed door. */
export class NoRetryError extends UnreachableError {}
