/** Requests of a user who has many to make. */

/** A server that has much to do may let us wait. */
export const PATIENT = { requestTimeoutMs: 120_000 };

/** Those that are under way at once. */
const REQUESTS_AT_ONCE = 20;

export async function inParallel(
  count: number,
  act: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
}
