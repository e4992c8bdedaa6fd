/** Errors of the cluster port: what the API server answered, or that it did not. */

/** An error answer of the API server (its `Status` object). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status code. */
  readonly code: number;
  /** `reason` of the Status: `NotFound`, `Conflict`, `AlreadyExists`, `Invalid`, `Expired`, … */
  readonly reason: string;
  /** Seconds after which the server asks to try again, if it said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: { code: number; reason: string; message: string; retryAfterSeconds?: number },
  ) {
    super(status.message);
    this.code = status.code;
    this.reason = status.reason;
    this.retryAfterSeconds = status.retryAfterSeconds;
  }
}

/** No answer: refused, reset, timed out. Whether a write happened is unknown. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** True for an answer with this `reason`. */
export function hasReason(error: unknown, reason: string): boolean {
  return error instanceof ApiError && error.reason === reason;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404;
}

/** The caller may not do this. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.code === 403;
}

/**
 * We lack the right to do this, whatever the object: the authorizer says so. Quotas and other
 * admission say 403, too, but name no user.
 */
export function isNotPermitted(error: unknown): error is ApiError {
  return isForbidden(error) && / is forbidden: User "/.test((error as ApiError).message);
}

export function isAlreadyExists(error: unknown): boolean {
  return hasReason(error, "AlreadyExists");
}

/** The object changed since it was read: look again and decide again. */
export function isConflict(error: unknown): boolean {
  return hasReason(error, "Conflict");
}

/** A limit is reached for now: the server's own, or a disruption budget's. */
export function isTooManyRequests(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 429;
}

/** The resourceVersion is too old to watch from: list again. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.code === 410;
}
