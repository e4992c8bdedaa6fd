/** The randomness port. */
export interface Random {
  /** The next number, 0 inclusive to 1 exclusive. */
  next(): number;
}
