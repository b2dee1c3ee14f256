#!/usr/bin/env node
"use strict";

// Runs topiq's program in this one's place: the same arguments, terminal and exit code, and signals passed on.

const { spawn } = require("node:child_process");
const { executable } = require("../executable.js");

let program;
try {
  program = executable();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`topiq: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exit(code);
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
