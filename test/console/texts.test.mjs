// texts.test.mjs - both languages say everything. That zh has the shape of en is
// the compiler's to say; what the texts are is looked at here.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.mjs";

const { en } = await load("i18n/en.ts");
const { zh } = await load("i18n/zh.ts");

/** [path, text] of each; a function is called with words that show up in it. */
function textsOf(value, path = "") {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") {
    const args = Array.from({ length: value.length }, (_, i) => `<${i}>`);
    return [[path, value(...args)]];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    textsOf(inner, path ? `${path}.${name}` : name),
  );
}

const english = new Map(textsOf(en));
const chinese = new Map(textsOf(zh));
/** What is the same in any language. */
const SAME = new Set([
  "product",
  "titleOf",
  "menu.signedInAs",
  "task.short.downloading",
  "task.short.other",
]);

test("texts_have_the_same_names_in_both_languages", () => {
  assert.deepEqual([...chinese.keys()].sort(), [...english.keys()].sort());
});

test("texts_are_never_empty", () => {
  for (const [path, text] of [...english, ...chinese])
    assert.ok(text.trim().length > 0, `${path} is empty`);
});

test("texts_in_chinese_are_chinese", () => {
  for (const [path, text] of chinese)
    if (!SAME.has(path)) assert.match(text, /[\u4e00-\u9fff]/, `${path}: ${text}`);
});

test("texts_in_english_have_no_chinese", () => {
  for (const [path, text] of english)
    assert.doesNotMatch(text, /[\u3000-\u9fff\uff00-\uffef]/, path);
});

test("texts_with_values_show_the_same_values_in_both_languages", () => {
  const values = (text) => [...new Set(text.match(/<\d>/g))].sort();
  for (const [path, text] of english)
    assert.deepEqual(values(chinese.get(path)), values(text), path);
});
