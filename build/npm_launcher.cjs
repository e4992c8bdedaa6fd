#!/usr/bin/env node
/* Starts the program with the runtime that npm has installed beside it. */
"use strict";
const { spawn } = require("node:child_process");
const { createRequire } = require("node:module");
const { existsSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");

/** The executable itself where it is: the script that the package deno has costs time and signals. */
function runtime() {
  const file = process.platform === "win32" ? "deno.exe" : "deno";
  const home = dirname(require.resolve("deno/package.json"));
  const beside = join(home, file);
  if (existsSync(beside)) return [beside];
  const kind = process.platform === "linux"
    ? "linux-" + process.arch + "-glibc"
    : process.platform + "-" + process.arch;
  try {
    const own = createRequire(join(home, "package.json"));
    return [join(dirname(own.resolve("@deno/" + kind + "/package.json")), file)];
  } catch {
    return [process.execPath, join(home, "bin.cjs")];
  }
}

const isController = process.argv[2] === "controller";
const [program, ...before] = runtime();
const child = spawn(program, [
  ...before,
  "run",
  "--quiet",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "RUNTIME_PERMISSIONS",
  ...(isController ? ["CONTROLLER_FLAGS"] : []),
  join(__dirname, "..", "dist", "main.js"),
  "--called-as",
  basename(process.argv[1]),
  ...process.argv.slice(2),
], {
  stdio: "inherit",
  env: {
    ...process.env,
    DENO_NO_PACKAGE_JSON: "1",
    DENO_NO_UPDATE_CHECK: "1",
    INIT_CWD: process.cwd(),
  },
});
// Ctrl-C reaches both; what is sent to this process alone is handed on.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => signal === "SIGINT" || child.kill(signal));
}
child.on("error", (error) => {
  process.stderr.write("Error: Cannot start " + program + ": " + error.message + "\n");
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
