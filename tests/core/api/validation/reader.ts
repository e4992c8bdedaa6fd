/** Readers of objects for tests of validation. */
import type { ObjectReader } from "../../../../sdk/traffic_router.ts";

/** Finds objects in a way of the test's own, and none by labels. */
export function readerOf(find: ObjectReader["find"]): ObjectReader {
  return { find, select: () => [] };
}

/** There are no objects. */
export const NOTHING: ObjectReader = readerOf(() => undefined);
