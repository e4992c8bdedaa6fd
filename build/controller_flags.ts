/**
 * How the runtime is started for the controller, which lives for weeks in little memory, where any
 * other verb is over in a moment. This is the one place: the image's executables, the npm package
 * and the benchmarks have their flags from here. docs/operations.md says what each is worth.
 */
export const CONTROLLER_FLAGS: readonly string[] = Object.freeze([
  // What fills the code cache on its first run keeps the memory which that took. In an image whose
  // root cannot be written every run is the first.
  "--no-code-cache",
  // MB for objects that are young. V8 lets it grow to 32 MB twice over, and seldom gives it back.
  "--v8-flags=--max-semi-space-size=4",
]);
