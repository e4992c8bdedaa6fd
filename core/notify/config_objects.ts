/** A configuration from the two objects of the cluster, or of files. */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import type { NotificationConfig, RawConfig } from "./config.ts";
import { type ConfigParts, readConfig } from "./read_config.ts";

/** The texts of both objects; what is not there is empty. */
export function textsOfObjects(
  { configMap, secret }: {
    readonly configMap?: KubeObject | undefined;
    readonly secret?: KubeObject | undefined;
  },
): Pick<RawConfig, "data" | "secrets"> {
  const plain = textsIn(secret?.["stringData"]);
  const encoded = Object.entries(textsIn(secret?.["data"])).map(([key, value]) => [
    key,
    decoded(value),
  ]);
  return {
    data: textsIn(configMap?.["data"]),
    secrets: { ...Object.fromEntries(encoded), ...plain },
  };
}

/** The configuration that these objects are, of the controller's own namespace. */
export function configOfObjects(
  objects: { readonly configMap?: KubeObject; readonly secret?: KubeObject },
  parts: ConfigParts,
): NotificationConfig {
  const { namespace = "" } = objects.configMap?.metadata ?? {};
  return readConfig({ ...textsOfObjects(objects), namespace, isSelfService: false }, parts);
}

function textsIn(data: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(data)).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

/** What is no base64 cannot come from an API server; a file may hold it. */
function decoded(value: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(value));
  } catch {
    return value;
  }
}
