// releaseKeys.ts - public keys that a person pastes, as PEM or as hex, to the hex
// that the API takes. Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
const PEM = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/g;
const KEY = /^(04[0-9a-f]{128}|[89a-f][0-9a-f]{511})$/;

/** What stands around the point or the modulus in a key's DER, and is the same
 *  in all: P-256 (RFC 5480); RSA-2048 with exponent 65537 (RFC 8017). */
const AROUND = [
  ["3059301306072a8648ce3d020106082a8648ce3d030107034200", ""],
  [
    "30820122300d06092a864886f70d01010105000382010f003082010a0282010100",
    "0203010001",
  ],
] as const;

function keyOfPem(base64: string): string | undefined {
  try {
    const bytes = atob(base64.replace(/\s+/g, ""));
    const hex = Array.from(bytes, (c) =>
      c.charCodeAt(0).toString(16).padStart(2, "0"),
    ).join("");
    const around = AROUND.find(([head, tail]) => hex.startsWith(head) && hex.endsWith(tail));
    return around && hex.slice(around[0].length, hex.length - around[1].length);
  } catch {
    return undefined;
  }
}

/** undefined: something in it is no key. */
export function releaseKeysOf(text: string): string[] | undefined {
  const keys: (string | undefined)[] = [];
  const rest = text.replace(PEM, (_, base64: string) => {
    keys.push(keyOfPem(base64));
    return "\n";
  });
  for (const word of rest.split(/\s+/).filter(Boolean)) keys.push(word.toLowerCase());
  const good = keys.filter((k): k is string => k !== undefined && KEY.test(k));
  return good.length === keys.length ? good : undefined;
}
