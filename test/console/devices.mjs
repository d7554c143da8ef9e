// devices.mjs - the two kinds of device that a house can hold: the Linux
// process, up at once, and the emulated board with bootloader and firmware as
// built. A kind says which key signs its releases, what a release is made of,
// and how a device of it is made and switched on.
//
// SPDX-License-Identifier: MIT
import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./load.mjs";
import { BIN, run } from "./process.mjs";

const ARM = process.env.TERN_ARM ?? join(ROOT, "build/arm/bin");
const KEY_OF_THE_BOOTLOADER = join(dirname(ARM), "sbl-insecure-development-key.pem");
const GATEWAY_MQTT = 1883;
/** A name that the board's gateway and this machine both know. */
const HOST = "localhost";

export const linuxDevice = {
  makeReleaseKey: (house, file) => house.tern("key", "generate", file),
  program: (version) => join(BIN, `hello-${version}.elf`),

  make(house, device) {
    house.tern("device", "create", device.product, device.name, "--identity", device.identity);
    house.tern("flash", "create", device.flash);
    house.tern("flash", "install", device.flash, "--slot", "1", device.image);
  },

  start: (house, device) =>
    run(device.log, join(BIN, "tern-device"), ["--flash", device.flash,
      "--identity", device.identity, "--key", house.path("release.point")]),
};

export const board = {
  makeReleaseKey: (_, file) => copyFileSync(KEY_OF_THE_BOOTLOADER, file),
  program: (version) => join(ARM, `sfw-${version}.bin`),

  make(house, device) {
    house.tern("device", "create", device.product, device.name,
      "--identity", device.identity, "--mqtt", `${HOST}:${GATEWAY_MQTT}`);
    house.tern("board", "create", device.flash,
      "--sbl", join(ARM, "imxrt1060-sbl.bin"), "--image", device.image);
    house.tern("board", "provision", device.flash, "--identity", device.identity);
  },

  start(house, device) {
    const net = [`map=${GATEWAY_MQTT}:${house.mqtt}`,
      `map=${house.link.port}:127.0.0.1:${house.link.port}`, `host=${HOST}`];
    return run(device.log, join(BIN, "tern-board"),
      ["--flash", device.flash, "--net", net.join(","), "--uart", device.console]);
  },
};
