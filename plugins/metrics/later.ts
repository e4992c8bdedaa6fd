/** A source that is busy and says when to come back: no error. */
import type { Reading } from "../../sdk/metric_provider.ts";
import type { HttpResponse } from "../../sdk/ports.ts";
import { retryAfterMs } from "../retry_after.ts";

type Later = Extract<Reading, { is: "later" }>;

class Busy extends Error {
  override readonly name = "Busy";
  readonly reading: Later;

  constructor(reading: Later) {
    super(reading.message);
    this.reading = reading;
  }
}

/** What the work reads, or that one of those whom it asked is busy. */
export async function unlessBusy(work: () => Promise<Reading>): Promise<Reading> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Busy) return error.reading;
    throw error;
  }
}

/** The answer, unless it is a 429 or 503 with `Retry-After`: that ends the work. */
export function unbusy(response: HttpResponse, nowMs: number): HttpResponse {
  const { status, headers } = response;
  if (status !== 429 && status !== 503) return response;
  const delayMs = retryAfterMs(headers["retry-after"], nowMs);
  if (delayMs === undefined) return response;
  const seconds = Math.ceil(delayMs / 1000);
  throw new Busy({
    is: "later",
    retryAtMs: nowMs + delayMs,
    message: `the source is busy (status ${status}): asked again in ${seconds} s`,
  });
}
