// imageVersion.ts - the version in a MCUboot header, read in the browser, so
// that nobody types what the file says itself. The server reads it again.
// Layout: spec/image.md. Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
const MAGIC = 0x96f3b83d;
const HEADER_BYTES = 32;
const VERSION_OFFSET = 20; // major u8, minor u8, revision u16, build u32

/** "1.4.0" or "1.4.0+7"; undefined if it is no MCUboot image. */
export function imageVersion(bytes: ArrayBuffer): string | undefined {
  if (bytes.byteLength < HEADER_BYTES) return undefined;
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== MAGIC) return undefined;
  const major = view.getUint8(VERSION_OFFSET);
  const minor = view.getUint8(VERSION_OFFSET + 1);
  const revision = view.getUint16(VERSION_OFFSET + 2, true);
  const build = view.getUint32(VERSION_OFFSET + 4, true);
  return `${major}.${minor}.${revision}${build ? `+${build}` : ""}`;
}

export async function imageVersionOf(file: Blob): Promise<string | undefined> {
  return imageVersion(await file.slice(0, HEADER_BYTES).arrayBuffer());
}
