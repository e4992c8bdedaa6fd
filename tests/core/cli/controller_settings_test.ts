import assert from "node:assert/strict";
import { controllerSettings } from "../../../core/cli/controller_settings.ts";
import type { Terminal } from "../../../core/cli/terminal.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function terminalOf(environment: Record<string, string>, files: Record<string, string>): Terminal {
  return {
    environment: (name: string) => environment[name],
    serviceAccountFolder: "/account",
    readFile: (path: string) =>
      path in files ? Promise.resolve(bytes(files[path]!)) : Promise.reject(new Error("no file")),
  } as unknown as Terminal;
}

Deno.test("the controller's namespace is told by POD_NAMESPACE, the service account, or is Argo's", async () => {
  const files = { "/account/namespace": "of-the-account\n" };
  const all = await controllerSettings(terminalOf({ POD_NAMESPACE: "of-the-pod" }, files));
  assert.equal(all.namespace, "of-the-pod");
  assert.equal((await controllerSettings(terminalOf({}, files))).namespace, "of-the-account");
  assert.equal((await controllerSettings(terminalOf({}, {}))).namespace, "argo-rollouts");
});

Deno.test("settings are variables of the environment", async () => {
  const { setting } = await controllerSettings(terminalOf({ ADDRESS: "http://here" }, {}));
  assert.deepEqual([setting("ADDRESS"), setting("OTHER")], ["http://here", undefined]);
});
