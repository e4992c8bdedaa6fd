/** Rules that send requests with certain headers to the canary, made after a route's own rules. */
import type { HeaderMatch, HeaderRoute } from "../../../sdk/traffic_intent.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { backendsOf } from "./routes.ts";

/** One rule for each source rule; the first bears the route's name, the others a number too. */
export function headerRules(
  { name, match }: HeaderRoute,
  sources: readonly Fields[],
  canaryService: string,
): Fields[] {
  return sources.map((source, index) => {
    const backend = backendsOf(source).find((each) => textOf(each["name"]) === canaryService);
    const { port } = backend ?? {};
    const filters = source["filters"];
    return {
      name: index === 0 ? name : `${name}-${index}`,
      matches: matchesOf(source, match),
      ...(filters === undefined ? {} : { filters: structuredClone(filters) }),
      backendRefs: [{
        group: "",
        kind: "Service",
        name: canaryService,
        ...(port === undefined ? {} : { port }),
      }],
    };
  });
}

/** What the source matches, and one of the headers as well. */
function matchesOf(source: Fields, headers: readonly HeaderMatch[]): Fields[] {
  const present = listOf(source["matches"]).map(fieldsOf);
  const bases = present.length === 0 ? [{}] : present;
  return bases.flatMap((base) =>
    headers.map((header) => ({
      ...structuredClone(base),
      headers: [...structuredClone(listOf(base["headers"])), headerOf(header)],
    }))
  );
}

/** A prefix is a regular expression here; what it holds is taken as it is. */
function headerOf({ headerName, headerValue }: HeaderMatch): Fields {
  const { exact, prefix, regex } = headerValue;
  if (exact !== undefined) return { type: "Exact", name: headerName, value: exact };
  const value = prefix === undefined ? regex ?? "" : `${quoted(prefix)}.*`;
  return { type: "RegularExpression", name: headerName, value };
}

function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** True for a rule that was made for one of these routes. */
export function isManagedRule(
  rule: Fields,
  managedRoutes: readonly string[],
  canaryServices: readonly string[],
): boolean {
  const name = textOf(rule["name"]);
  if (name === "") return false;
  const backends = backendsOf(rule);
  const isCanaryOnly = backends.length === 1 &&
    canaryServices.includes(textOf(backends[0]?.["name"]));
  return isCanaryOnly && managedRoutes.some((managed) =>
    name === managed ||
    (name.startsWith(`${managed}-`) && /^[0-9]+$/.test(name.slice(managed.length + 1)))
  );
}
