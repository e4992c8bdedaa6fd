/** Which words and signs have a colour on a terminal. */

const GREEN = 32;
const YELLOW = 33;
const RED = 31;
const BLUE = 94;

/** An SGR parameter: the number of a terminal colour. */
export type Colour = number;

const COLOURS: ReadonlyMap<string, Colour> = new Map([
  ["stable", GREEN],
  ["active", GREEN],
  ["✔", GREEN],
  ["canary", YELLOW],
  ["◷", YELLOW],
  ["?", YELLOW],
  ["✖", RED],
  ["⚠", RED],
  ["◌", BLUE],
  ["preview", BLUE],
  ["ping", BLUE],
  ["pong", BLUE],
]);

/** The colour of a tag or sign, if it has one. */
export function colourOf(word: string): Colour | undefined {
  return COLOURS.get(word);
}

/** The text between the sequences that switch its colour on and off. */
export function inColour(text: string, colour: Colour): string {
  return `\u001b[${colour}m${text}\u001b[0m`;
}
