/**
 * Manifests read from text as an API server would take them, with the line and column of every
 * value. Start at `read_manifests.ts`; the dialect is in `yaml_scalar.ts` and `yaml_tree.ts`.
 *
 * Deliberately absent: reading of files, rendering of Helm or Kustomize, and the controller's own
 * validation, which is for whoever runs the objects.
 *
 * @module
 */
export type { ManifestSource } from "./decode_manifest.ts";
export * from "./manifest_error.ts";
export * from "./read_manifests.ts";
