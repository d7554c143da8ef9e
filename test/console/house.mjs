// house.mjs - what a browser test stands on: a real ternd with its mosquitto, a
// network that can be slow, keys, images, and devices that really update.
// Start at openHouse().
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./load.mjs";

export const PRODUCT = "a1Console";
const BIN = process.env.TERN_BIN ?? join(ROOT, "build/dev/bin");
const CONSOLE = process.env.TERN_CONSOLE ?? join(ROOT, "build/console");
const DEADLINE_MS = 30_000;
const PIECE = 4096;

export async function until(condition, what) {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await sleep(20);
  }
}

/** Starts a program; its words go to a file. stop() ends it and waits. */
function run(log, file, words) {
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

/** The network between device and server, with a knob. */
async function openLink() {
  const link = { target: 0, bytesPerSecond: 0 };
  const open = new Set();
  const server = createServer((device) => {
    const toServer = createConnection(link.target, "127.0.0.1");
    for (const socket of [device, toServer]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    }
    device.pipe(toServer);
    void relaySlowly(toServer, device, link);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  link.port = server.address().port;
  link.close = () => {
    open.forEach((socket) => socket.destroy());
    server.close();
  };
  return link;
}

async function relaySlowly(from, to, link) {
  try {
    for await (const bytes of from)
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        to.write(piece);
        if (link.bytesPerSecond) await sleep((piece.length / link.bytesPerSecond) * 1000);
      }
    to.end();
  } catch {
    to.destroy(); // one side hung up: that is its right
  }
}

/** One device. The emulated board takes its place by another such function:
 * what it needs is the flash file, the identity and the trusted key. */
export function startLinuxDevice({ folder, flash, identity, key }) {
  const words = ["--flash", flash, "--identity", identity, "--key", key];
  return run(join(folder, "console.log"), join(BIN, "tern-device"), words);
}

class House {
  constructor(folder, link, startDevice) {
    Object.assign(this, { folder, link, startDevice, running: [], port: 0 });
    this.data = this.path("data");
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  /** Blocks, and with it the network of the devices: nothing that waits. */
  tern(...words) {
    return execFileSync(join(BIN, "tern"), ["--data", this.data, ...words.map(String)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** For a shell in which `tern` means ours. */
  environment() {
    return { ...process.env, TERN_DATA: this.data, PATH: `${BIN}:${process.env.PATH}` };
  }

  json(...words) {
    return JSON.parse(this.tern("--json", ...words));
  }

  /** Comes up at the same address each time. */
  async start() {
    rmSync(join(this.data, "runtime.json"), { force: true });
    this.server = run(this.path("ternd.log"), join(BIN, "ternd"), [
      ...["--data", this.data, "--console", CONSOLE, "--mqtt", "127.0.0.1:0"],
      ...["--http", `127.0.0.1:${this.port}`],
      ...["--url-host", "127.0.0.1", "--url-port", String(this.link.port)],
    ]);
    const runtime = join(this.data, "runtime.json");
    await until(() => {
      assert.ok(this.server.isAlive(), `ternd ended: ${this.path("ternd.log")}`);
      return existsSync(runtime);
    }, `ternd is up: ${this.path("ternd.log")}`);
    this.address = JSON.parse(readFileSync(runtime, "utf8")).http;
    this.port = this.link.target = Number(new URL(this.address).port);
    this.secret = readFileSync(join(this.data, "admin.token"), "utf8").trim();
  }

  makeKeys() {
    for (const name of ["release", "foreign"]) this.tern("key", "generate", this.path(`${name}.pem`));
    this.tern("key", "show", this.path("release.pem"), "--point", this.path("release.point"));
  }

  image(version, { key = "release", program = `hello-${version}` } = {}) {
    const out = this.path(`${program}-${version}-${key}.bin`);
    if (!existsSync(out))
      this.tern("image", "sign", "--key", this.path(`${key}.pem`), "--version", version,
        join(BIN, `${program}.elf`), out);
    return out;
  }

  /** A device with 1.3.0 in slot 1, switched on. */
  async addDevice(name, { on = true } = {}) {
    const folder = this.path(name);
    mkdirSync(folder);
    const device = { folder, flash: join(folder, "flash.bin"),
      identity: join(folder, "identity.json"), key: this.path("release.point") };
    this.tern("device", "create", PRODUCT, name, "--identity", device.identity);
    this.tern("flash", "create", device.flash);
    this.tern("flash", "install", device.flash, "--slot", "1", this.image("1.3.0"));
    if (!on) return;
    this.running.push(this.startDevice(device));
    await this.runs(name, "1.3.0");
  }

  runs(name, version) {
    return until(
      () => this.json("device", "show", PRODUCT, name).version === version,
      `${name} runs ${version}`,
    );
  }

  async close() {
    for (const device of this.running) await device.stop();
    await this.server?.stop();
    this.link.close();
  }
}

export async function openHouse({ startDevice = startLinuxDevice } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "tern-console-"));
  const house = new House(folder, await openLink(), startDevice);
  mkdirSync(house.data);
  try {
    await house.start();
    house.makeKeys();
  } catch (error) {
    await house.close();
    throw error;
  }
  return house;
}
