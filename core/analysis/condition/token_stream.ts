/** Tokens, one after the other. */
import { Fault } from "./condition_error.ts";
import { type Token, tokenText } from "./tokens.ts";

export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The token to be read; the last one stays for ever. */
  get token(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  /** The one behind it. */
  get next(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  is(kind: Token["kind"], value?: string): boolean {
    return this.token.kind === kind && (value === undefined || this.token.value === value);
  }

  take(): Token {
    const token = this.token;
    this.#at++;
    return token;
  }

  /** @throws {Fault} when another token stands here */
  expect(kind: Token["kind"], value?: string): Token {
    if (!this.is(kind, value)) throw this.unexpected();
    return this.take();
  }

  unexpected(): Fault {
    return new Fault(`unexpected token ${tokenText(this.token)}`, this.token.position);
  }
}
