// reasons.test.mjs - what the console reads out of words and bytes: why an
// update failed, versions in images, pasted keys, lines for a shell.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, ROOT } from "./load.mjs";

const { reasonOf, waitOf } = await load("features/tasks/reasons.ts");
const { imageVersion } = await load("features/packages/imageVersion.ts");
const { releaseKeysOf } = await load("features/products/releaseKeys.ts");
const { commandLine } = await load("parts/command.ts");
const { formatAgo, formatBytes } = await load("parts/format.ts");

test("reason_of_each_known_failure_has_a_name_of_its_own", () => {
  const known = {
    "image refused: signed with a key that is not trusted": "keyUnknown",
    "image refused: signature: there is none of ECDSA P-256": "notSigned",
    "image refused: signature: does not match the image": "signatureWrong",
    "image refused: hash: the image differs from its SHA-256": "hashWrong",
    "image refused: header: image is encrypted": "imageBad",
    "digest of the download differs": "digest",
    "pushed version differs, the image says 1.3.9": "versionDiffers",
    "version is older than what may run": "downgrade",
    "does not fit: 1100000 bytes, the slot has 1048576": "tooLarge",
    "the running firmware is not confirmed": "unconfirmed",
    "rolled back: 1.9.0 did not confirm, ended by the watchdog": "rolledBack",
    "bootloader refused 1.4.0: no signature by a trusted key": "bootRefused",
    "active slot was damaged; the other slot runs 1.3.0": "activeCorrupt",
    "push refused: no url": "pushRefused",
    "download failed, no try left: no answer in time": "download",
    "flash failed while writing": "flash",
    "came back with 1.3.0 after 3 attempts": "cameBack",
    "came back with 1.2.0, which is neither 1.3.0 nor 1.4.0": "otherVersion",
    "did not run 1.4.0 in time; last seen at 35 %": "timeout",
    "canceled by admin": "canceled",
  };

  for (const [words, name] of Object.entries(known))
    assert.equal(reasonOf(-1, words), name, words);
});

test("reason_in_unknown_words_falls_back_to_its_step", () => {
  assert.equal(reasonOf(-2, "?"), "download");
  assert.equal(reasonOf(-3, "?"), "verification");
  assert.equal(reasonOf(-4, "?"), "flash");
  assert.equal(reasonOf(-1, "?"), "upgrade");
});

test("reason_words_are_those_in_the_sources", () => {
  const files = ["agent/update.c", "agent/report.c", "agent/download.c",
    "image/image_why.h", "server/core/task_run.c"];
  const text = files.map((f) => readFileSync(join(ROOT, f), "utf8")).join("\n");

  for (const words of ["key that is not trusted", "digest of the download differs",
    "rolled back: ", "bootloader refused ", "push refused: ", "does not fit: ",
    "active slot was damaged", "pushed version differs", "download failed",
    "the running firmware is not confirmed", "trial could not be armed",
    "came back with ", "canceled by ", "did not run ", "device is disabled",
    "device has never connected", "device is offline since",
    "device already began an update"])
    assert.ok(text.includes(words), `nobody says any more: ${words}`);
});

test("wait_of_an_offline_device_is_named", () => {
  assert.equal(waitOf("device is offline since 2026-01-01 10:00:00 UTC"), "offline");
  assert.equal(waitOf("downloading, 35 %; device is offline since 1"), "offline");
  assert.equal(waitOf("pushed, no progress yet"), undefined);
});

test("image_version_is_that_of_the_header", () => {
  const bytes = new DataView(new ArrayBuffer(32));
  bytes.setUint32(0, 0x96f3b83d, true);
  bytes.setUint8(20, 1);
  bytes.setUint8(21, 4);
  bytes.setUint16(22, 260, true);

  assert.equal(imageVersion(bytes.buffer), "1.4.260");
  bytes.setUint32(24, 70000, true);
  assert.equal(imageVersion(bytes.buffer), "1.4.260+70000");
});

test("image_version_of_another_file_is_unknown", () => {
  assert.equal(imageVersion(new ArrayBuffer(32)), undefined);
  assert.equal(imageVersion(new ArrayBuffer(3)), undefined);
});

test("release_keys_of_pem_and_hex_are_the_same", () => {
  for (const [type, options, from, to] of [
    ["ec", { namedCurve: "P-256" }, 26, undefined],
    ["rsa", { modulusLength: 2048 }, 33, -5],
  ]) {
    const { publicKey } = generateKeyPairSync(type, options);
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const der = publicKey.export({ type: "spki", format: "der" });
    const hex = der.subarray(from, to).toString("hex");

    assert.deepEqual(releaseKeysOf(pem), [hex]);
    assert.deepEqual(releaseKeysOf(`${hex}\n${pem}`), [hex, hex]);
  }
  assert.deepEqual(releaseKeysOf("  \n"), []);
});

test("release_keys_of_another_kind_or_text_are_none", () => {
  for (const [type, options] of [
    ["ec", { namedCurve: "P-384" }],
    ["rsa", { modulusLength: 3072 }],
    ["rsa", { modulusLength: 2048, publicExponent: 3 }],
  ]) {
    const { publicKey } = generateKeyPairSync(type, options);
    const pem = publicKey.export({ type: "spki", format: "pem" });

    assert.equal(releaseKeysOf(pem), undefined);
  }
  assert.equal(releaseKeysOf("04abcd"), undefined);
});

test("command_line_means_the_same_words_to_a_shell", () => {
  const words = ["a b", "it's", "$HOME", "", "x;y", "1.4.0+7", "é"];
  const line = commandLine("printf", "%s\\n", ...words);

  const seen = execFileSync("sh", ["-c", line], { encoding: "utf8" });

  assert.deepEqual(seen.split("\n").slice(0, -1), words);
});

test("ago_and_bytes_are_in_the_language", () => {
  assert.equal(formatAgo(0, 125_000, "en"), "2 minutes ago");
  assert.equal(formatAgo(0, 125_000, "zh-CN"), "2分钟前");
  assert.equal(formatAgo(5000, 0, "en"), "now"); // the server's clock is ahead
  assert.equal(formatBytes(272_600, "en"), "266.2 KiB");
});
