/** A configuration of notifications in a file: its ConfigMap, and its Secret if it is there. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { configOfObjects, type NotificationConfig, problemLine } from "../notify/mod.ts";
import { readManifests } from "./manifest_files.ts";
import type { FolderSource } from "./lint_files.ts";
import { UsageError } from "./usage_error.ts";

/** Warnings go to standard error. @throws {UsageError} for what cannot be used */
export async function readNotifications(
  terminal: FolderSource,
  path: string,
  { notifiers }: PluginRegistry,
): Promise<NotificationConfig> {
  const objects = (await readManifests(terminal, path)).map(({ object }) => object);
  const [configMap, secret] = ["ConfigMap", "Secret"]
    .map((kind) => objects.find((object) => object.kind === kind));
  if (configMap === undefined) throw new UsageError(`no ConfigMap in ${path}`);
  const config = configOfObjects(
    secret === undefined ? { configMap } : { configMap, secret },
    { notifiers },
  );
  const wrong = config.problems.find(({ severity }) => severity === "error");
  if (wrong !== undefined) throw new UsageError(`${path}: ${problemLine(wrong)}`);
  // Nobody needs a Secret to see what would be sent.
  const told = secret === undefined ? [] : config.problems;
  for (const problem of told) terminal.err(`warning: ${path}: ${problemLine(problem)}\n`);
  return config;
}
