/** References to keys of the Secret, as `$key` in the texts of a service's configuration. */
const REFERENCE = /\$([\w-]+)/g;

/** The value with the secrets in it, and the keys that the Secret does not have. */
export function withSecrets(
  value: unknown,
  secrets: Readonly<Record<string, string>>,
): { readonly value: unknown; readonly unknown: readonly string[] } {
  const unknown = new Set<string>();
  const fill = (part: unknown): unknown => {
    if (typeof part === "string") {
      return part.replace(REFERENCE, (written, key: string) => {
        if (Object.hasOwn(secrets, key)) return secrets[key] as string;
        unknown.add(key);
        return written;
      });
    }
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each)]));
  };
  return { value: fill(value), unknown: [...unknown] };
}
