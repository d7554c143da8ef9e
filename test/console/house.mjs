// house.mjs - what a browser test stands on: a real ternd with its mosquitto, a
// network that can be slow, keys, images, and devices that really update.
// Start at openHouse().
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { linuxDevice } from "./devices.mjs";
import { ROOT } from "./load.mjs";
import { BIN, run } from "./process.mjs";

export const PRODUCT = "a1Console";
const CONSOLE = process.env.TERN_CONSOLE ?? join(ROOT, "build/console");
const DEADLINE_MS = 60_000;
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

class House {
  constructor(folder, link, kind, console) {
    Object.assign(this, { folder, link, kind, console, running: [], port: 0 });
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
      ...["--data", this.data, "--console", this.console, "--mqtt", "127.0.0.1:0"],
      ...["--http", `127.0.0.1:${this.port}`],
      ...["--url-host", "localhost", "--url-port", String(this.link.port)],
    ]);
    const runtime = join(this.data, "runtime.json");
    await until(() => {
      assert.ok(this.server.isAlive(), `ternd ended: ${this.path("ternd.log")}`);
      return existsSync(runtime);
    }, `ternd is up: ${this.path("ternd.log")}`);
    const { http, mqtt } = JSON.parse(readFileSync(runtime, "utf8"));
    this.address = http;
    this.mqtt = mqtt;
    this.port = this.link.target = Number(new URL(this.address).port);
    this.secret = readFileSync(join(this.data, "admin.token"), "utf8").trim();
  }

  makeKeys() {
    this.kind.makeReleaseKey(this, this.path("release.pem"));
    this.tern("key", "generate", this.path("foreign.pem"));
    this.tern("key", "show", this.path("release.pem"), "--point", this.path("release.point"));
  }

  /** of: the program's own idea of its version. */
  image(version, { key = "release", of = version } = {}) {
    const out = this.path(`${version}-${of}-${key}.bin`);
    if (!existsSync(out))
      this.tern("image", "sign", "--key", this.path(`${key}.pem`), "--version", version,
        this.kind.program(of), out);
    return out;
  }

  /** A device with 1.3.0 in slot 1, switched on. */
  async addDevice(name, { on = true } = {}) {
    const folder = this.path(name);
    mkdirSync(folder);
    const device = { name, product: PRODUCT, image: this.image("1.3.0"),
      flash: join(folder, "flash.bin"), identity: join(folder, "identity.json"),
      log: join(folder, "device.log"), console: join(folder, "console.log") };
    this.kind.make(this, device);
    if (!on) return;
    this.running.push(this.kind.start(this, device));
    await this.runs(name, "1.3.0");
  }

  /** What a board has printed. */
  consoleOf(name) {
    return readFileSync(this.path(name, "console.log"), "utf8");
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

/** kind: of its devices, one of devices.mjs. console: the folder of one. */
export async function openHouse({ kind = linuxDevice, console = CONSOLE } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "tern-console-"));
  const house = new House(folder, await openLink(), kind, console);
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
