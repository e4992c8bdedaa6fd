/**
 * Loaded before the tests of the pure rooms: seeds the properties from the real clock, then takes
 * clock, timers and chance away, so that whoever reaches for them fails at once.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: Date.now() % 0x7fffffff });

function forbidden(name: string): () => never {
  return () => {
    throw new Error(`Cannot use ${name}: this room gets its clock and its chance handed in`);
  };
}

const RealDate = Date;

class PureDate extends RealDate {
  constructor(...args: [] | ConstructorParameters<typeof Date>) {
    if (args.length === 0) forbidden("new Date()")();
    super(...(args as unknown as [number]));
  }
  static override now = forbidden("Date.now");
}

Object.assign(globalThis, {
  Date: PureDate,
  setTimeout: forbidden("setTimeout"),
  setInterval: forbidden("setInterval"),
});
Math.random = forbidden("Math.random");
performance.now = forbidden("performance.now");
