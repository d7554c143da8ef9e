// process.mjs - a program under test, with its words in a file.
//
// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./load.mjs";

export const BIN = process.env.TERN_BIN ?? join(ROOT, "build/dev/bin");

/** Starts a program; its words go to a file. stop() ends it and waits. */
export function run(log, file, words) {
  const child = spawn(file, words, { stdio: ["ignore", "pipe", "pipe"] });
  const out = createWriteStream(log, { flags: "a" });
  child.stdout.pipe(out, { end: false });
  child.stderr.pipe(out, { end: false });
  const ended = new Promise((resolve) => child.on("exit", resolve).on("error", resolve));
  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    await ended;
    out.end();
  };
  const isAlive = () => child.pid !== undefined && child.exitCode === null;
  return { isAlive, stop };
}
