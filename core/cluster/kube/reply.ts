import { ApiError, UnreachableError } from "../../ports/api_error.ts";
import type { Call } from "./call.ts";

/** A complete answer of the server. */
export interface Reply {
  readonly status: number;
  /** The header `Retry-After`, when it is a number. */
  readonly retryAfterSeconds: number | undefined;
  readonly text: string;
}

/** The reason that a server would have given, by HTTP status. */
const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** True for a success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The JSON object in a reply; an answer that is no success is thrown as `ApiError`. */
export function objectOf(call: Call, reply: Reply): Record<string, unknown> {
  if (!isSuccess(reply.status)) throw apiErrorOf(call, reply);
  const value = parsed(reply.text);
  if (value === undefined) {
    throw new UnreachableError(`Cannot ${call.doing}: the answer is not a JSON object`);
  }
  return value;
}

/** What went wrong, from the Status object in the reply, or else from its HTTP status. */
export function apiErrorOf(call: Call, reply: Reply): ApiError {
  const body = parsed(reply.text);
  if (body?.["kind"] === "Status") return statusError(body, reply);
  const excerpt = /^\s*[<{]/.test(reply.text) ? "" : reply.text.trim().slice(0, 200);
  return new ApiError({
    code: reply.status,
    // Of a creation, 409 can only mean this.
    reason: call.verb === "create" && reply.status === 409
      ? "AlreadyExists"
      : REASONS[reply.status] ?? "Unknown",
    message: `Cannot ${call.doing}: the server answered ${reply.status}` +
      (excerpt === "" ? "" : ` "${excerpt}"`),
    ...(reply.retryAfterSeconds !== undefined && { retryAfterSeconds: reply.retryAfterSeconds }),
  });
}

/** The error that a Status object tells; `reply` fills in what the object leaves out. */
export function statusError(
  status: Record<string, unknown>,
  reply: Pick<Reply, "status" | "retryAfterSeconds">,
): ApiError {
  const code = typeof status["code"] === "number" ? status["code"] : reply.status;
  const details = status["details"] as { retryAfterSeconds?: unknown } | null | undefined;
  const told = details?.retryAfterSeconds;
  const retryAfterSeconds = typeof told === "number" && told > 0 ? told : reply.retryAfterSeconds;
  const reason = typeof status["reason"] === "string" ? status["reason"] : "";
  const message = typeof status["message"] === "string" ? status["message"] : "";
  return new ApiError({
    code,
    reason: reason || (REASONS[code] ?? "Unknown"),
    message: message || `the server answered ${code}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
