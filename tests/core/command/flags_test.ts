import assert from "node:assert/strict";
import { type Flags, readFlags, takeLeadingFlags } from "../../../core/command/flags.ts";

const FLAGS = {
  namespace: { short: "n", value: "NAMESPACE" },
  watch: { short: "w" },
  all: { short: "A" },
  output: { short: "o", value: "FORMAT", default: "text", choices: ["text", "json"] },
  filename: { short: "f", value: "FILE", isRepeatable: true },
} as const satisfies Flags;

const NOTHING = {
  namespace: undefined,
  watch: false,
  all: false,
  output: "text",
  filename: [],
};

const ROWS: [written: string, names: string[], flags: Record<string, unknown>][] = [
  ["web", ["web"], {}],
  ["web -n prod", ["web"], { namespace: "prod" }],
  ["-n prod web", ["web"], { namespace: "prod" }],
  ["web -n=prod", ["web"], { namespace: "prod" }],
  ["web -nprod", ["web"], { namespace: "prod" }],
  ["web -n=a=b", ["web"], { namespace: "a=b" }],
  ["web -n=", ["web"], { namespace: "" }],
  ["web --namespace prod", ["web"], { namespace: "prod" }],
  ["web --namespace=prod", ["web"], { namespace: "prod" }],
  ["web --namespace=", ["web"], { namespace: "" }],
  ["web -n -w", ["web"], { namespace: "-w" }],
  ["web --watch", ["web"], { watch: true }],
  ["--watch web", ["web"], { watch: true }],
  ["web --watch=true", ["web"], { watch: true }],
  ["web --watch=1", ["web"], { watch: true }],
  ["web --watch=false", ["web"], { watch: false }],
  ["web --watch --watch=false", ["web"], { watch: false }],
  ["web -w=t", ["web"], { watch: true }],
  ["web -w=F", ["web"], { watch: false }],
  ["web -wA", ["web"], { watch: true, all: true }],
  ["web -wn prod", ["web"], { watch: true, namespace: "prod" }],
  ["web -wnprod", ["web"], { watch: true, namespace: "prod" }],
  ["web -wA=false", ["web"], { watch: true, all: false }],
  ["web -ojson", ["web"], { output: "json" }],
  ["web -o text -o json", ["web"], { output: "json" }],
  ["-f a -f=b --filename c", [], { filename: ["a", "b", "c"] }],
  ["- web=2", ["-", "web=2"], {}],
  ["-f -", [], { filename: ["-"] }],
  ["web -1 -1.5", ["web", "-1", "-1.5"], {}],
  ["web -- --watch -n", ["web", "--watch", "-n"], {}],
];

for (const [written, names, flags] of ROWS) {
  Deno.test(`"${written}" is read as kubectl reads it`, () => {
    assert.deepEqual(readFlags(written.split(" "), FLAGS), {
      names,
      flags: { ...NOTHING, ...flags },
    });
  });
}

const REFUSED: [written: string, message: string][] = [
  ["--dance", "unknown flag --dance"],
  ["--dance=1", "unknown flag --dance"],
  ["--wacth", "unknown flag --wacth; did you mean --watch?"],
  ["--Namespace=a", "unknown flag --Namespace; did you mean --namespace?"],
  ["--toString", "unknown flag --toString"],
  ["-x", "unknown flag -x"],
  ["-wx", "unknown flag -x"],
  ["--namespace", "flag --namespace needs a value"],
  ["-wn", "flag -n needs a value"],
  ["--watch=perhaps", 'invalid value "perhaps" for --watch; use true or false'],
  ["-w=", 'invalid value "" for -w; use true or false'],
  ["-o xml", 'invalid value "xml" for -o; use one of text, json'],
];

for (const [written, message] of REFUSED) {
  Deno.test(`"${written}" is refused: ${message}`, () => {
    assert.throws(() => readFlags(written.split(" "), FLAGS), {
      name: "CommandLineError",
      message,
    });
  });
}

const LEADING: [written: string, taken: string, left: string][] = [
  ["web -n prod", "", "web -n prod"],
  ["-n prod web", "-n prod", "web"],
  ["-n=prod web", "-n=prod", "web"],
  ["-nprod web", "-nprod", "web"],
  ["--namespace prod -w web -A", "--namespace prod -w", "web -A"],
  ["--dance web", "--dance", "web"],
  ["- web", "", "- web"],
];

for (const [written, taken, left] of LEADING) {
  Deno.test(`of "${written}" the flags in front are "${taken}"`, () => {
    const words = written.split(" ");
    assert.equal(takeLeadingFlags(words, FLAGS).join(" "), taken);
    assert.equal(words.join(" "), left);
  });
}
