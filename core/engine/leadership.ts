/** Which one of several processes acts. */

/** Whether this process may act. */
export interface Leadership {
  /**
   * The term of this process, by the clock as it is now; undefined: another one may be acting. What
   * was decided in one term must not be written in another.
   */
  term(): number | undefined;
  /**
   * When somebody led before this term, for the last time that is known (ms since 1970); absent or
   * undefined: nobody ever did.
   */
  ledUntilMs?(): number | undefined;
  /** Called whenever a term has begun or ended. */
  onChange(listener: () => void): void;
}
