/**
 * A value as YAML. A file of its own, that others load when they print YAML: loaded lazily itself,
 * the library would lose its names in the bundle.
 */
import { stringify } from "yaml";

/** Without anchors, and quoted so that readers of YAML 1.1 see the same values. */
export function yamlText(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, version: "1.1", lineWidth: 0 });
}
