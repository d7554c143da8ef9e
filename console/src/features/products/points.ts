// points.ts - public keys that a person pastes, as PEM or as hex, to the points
// that the API takes. Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
const PEM = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/g;
const POINT = /^04[0-9a-f]{128}$/;

/** All that DER says of a P-256 key (RFC 5480) before the point itself. */
const P256_HEAD = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

function pointOfPem(base64: string): string | undefined {
  try {
    const bytes = atob(base64.replace(/\s+/g, ""));
    const hex = Array.from(bytes, (c) =>
      c.charCodeAt(0).toString(16).padStart(2, "0"),
    ).join("");
    return hex.startsWith(P256_HEAD) ? hex.slice(P256_HEAD.length) : undefined;
  } catch {
    return undefined;
  }
}

/** undefined: something in it is no key. */
export function pointsOf(text: string): string[] | undefined {
  const points: (string | undefined)[] = [];
  const rest = text.replace(PEM, (_, base64: string) => {
    points.push(pointOfPem(base64));
    return "\n";
  });
  for (const word of rest.split(/\s+/).filter(Boolean)) points.push(word.toLowerCase());
  const good = points.filter((p): p is string => p !== undefined && POINT.test(p));
  return good.length === points.length ? good : undefined;
}
