/** HTML and SVG as values: what is a text is escaped, always. */

/** A piece of markup; made by `element` alone. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** An element; attributes that are undefined are left out. */
  static element(
    name: string,
    attributes: Attributes = {},
    ...children: readonly Child[]
  ): Markup {
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join("");
    if (VOID.includes(name)) return new Markup(`<${name}${given}>`);
    const inner = children.flat().map((child) =>
      child instanceof Markup ? child.text : escaped(child)
    ).join("");
    return new Markup(`<${name}${given}>${inner}</${name}>`);
  }

  /** A style sheet of this program: nothing in it may come from outside. */
  static style(sheet: string): Markup {
    return new Markup(`<style>${sheet}</style>`);
  }
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Child = string | Markup | readonly (string | Markup)[];

const VOID: readonly string[] = ["meta", "br"];

export const { element } = Markup;

const ENTITIES: Readonly<Record<string, string>> = Object.freeze({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
});

function escaped(text: string): string {
  // What no document may hold, such as NUL, would make the page another one than was written.
  // deno-lint-ignore no-control-regex -- these are what is meant
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
