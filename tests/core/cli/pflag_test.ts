import assert from "node:assert/strict";
import { Command } from "commander";
import { fromPflag } from "../../../core/cli/pflag.ts";

function program(): Command {
  return new Command("sluice").addCommand(
    new Command("get").option("-n, --namespace <name>").option("-w, --watch").option("--all"),
  );
}

const ROWS: [written: string, read: string][] = [
  ["get web", "get web"],
  ["get -n prod", "get -n prod"],
  ["get -n=prod", "get -n prod"],
  ["get -n=a=b", "get -n a=b"],
  ["get --namespace=prod", "get --namespace=prod"],
  ["get --watch=true", "get --watch"],
  ["get --watch=1", "get --watch"],
  ["get -w=t", "get -w"],
  ["get --watch=false", "get"],
  ["get -w=F", "get"],
  ["get --watch=perhaps", "get --watch=perhaps"],
  ["get --nonsense=false", "get --nonsense=false"],
  ["get web=2 --all", "get web=2 --all"],
  ["get -- --watch=false", "get -- --watch=false"],
  ["--version", "--version"],
];

for (const [written, read] of ROWS) {
  Deno.test(`"${written}" is read as "${read}"`, () => {
    assert.deepEqual(fromPflag(written.split(" "), program()), read.split(" "));
  });
}

Deno.test("an empty value stays a value", () => {
  assert.deepEqual(fromPflag(["get", "-n="], program()), ["get", "-n", ""]);
});
