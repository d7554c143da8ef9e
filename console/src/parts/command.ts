// command.ts - words to one line that a shell reads back as those words.
// Tests: test/console/reasons.test.mjs
//
// SPDX-License-Identifier: MIT
const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

export function commandLine(...words: (string | number)[]): string {
  return words
    .map(String)
    .map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
