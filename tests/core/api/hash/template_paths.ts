/** Places in a JSON document, for tests that change one place after the other. */

/** Names of fields and numbers of items, from the top. */
export type Path = readonly (string | number)[];

/** Every place with its value, parents before children. */
export function* placesOf(value: unknown, path: Path = []): Generator<[Path, unknown]> {
  if (path.length > 0) yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    yield* placesOf(each, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

/** A copy of the document with another value at a place; undefined takes it out. */
export function replacedAt<Document>(document: Document, path: Path, value: unknown): Document {
  const copy = structuredClone(document);
  const [last] = path.slice(-1);
  // deno-lint-ignore no-explicit-any -- any field of any document
  let parent: any = copy;
  for (const step of path.slice(0, -1)) parent = parent[step];
  if (value !== undefined) parent[last as string] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last as string];
  return copy;
}
