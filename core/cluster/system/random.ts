import type { Random } from "../../ports/random.ts";

/** The machine's random numbers; not for secrets. */
export const systemRandom: Random = Object.freeze({ next: () => Math.random() });
