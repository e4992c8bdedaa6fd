import type { ManifestSource } from "../api/manifest/mod.ts";

/** A file to look at. */
export type LintSource = ManifestSource & {
  /** Somebody named it; others were found in a folder, and may be no manifests at all. */
  readonly isNamed: boolean;
};
