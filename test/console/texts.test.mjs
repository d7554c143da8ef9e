// texts.test.mjs - both languages say everything. That zh has the shape of en is
// the compiler's to say; what the texts are is looked at here.
//
// SPDX-License-Identifier: MIT
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, ROOT } from "./load.mjs";

const { en } = await load("i18n/en.ts");
const { zh } = await load("i18n/zh.ts");
const { sentenceIn } = await load("i18n/sentences.ts");

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

const source = (path) => readFileSync(join(ROOT, path), "utf8");

/** The server's formats, from its own source. */
function formatsOfChecks() {
  const calls = source("server/core/package_check.c").matchAll(
    /\bnote\(\s*l,[^"]*?((?:"[^"]*"\s*)+)/g,
  );
  return [...calls].map(([, text]) =>
    text.replace(/"\s*"/g, "").trim().slice(1, -1).replace(/%[sux]/g, "{}"),
  );
}

/** What the server says of a damaged image: those that reading one can end in. */
function clausesOfImages() {
  const all = [...source("image/image_why.h").matchAll(/X\((WHY_\w+),\s*"([^"]+)"\)/g)];
  const judged =
    /_WRONG|NO_SIGNATURE|KEY_UNKNOWN|DISTURBED|BELOW_FLOOR|OVERWRITTEN|DOWNGRADE/;
  return all.filter(([, name]) => !judged.test(name)).map(([, , text]) => text);
}

test("sentences_of_the_server_are_known_in_chinese", () => {
  const formats = formatsOfChecks();
  assert.ok(formats.length >= 23, `${formats.length} formats`);
  for (const format of formats) {
    const values = format.match(/\{\}/g)?.map((_, i) => `<${i}>`) ?? [];
    const said = sentenceIn("zh", { format, values });
    assert.match(said ?? "", /[\u4e00-\u9fff]/, format);
    assert.deepEqual(said.match(/<\d>/g) ?? [], values, format);
  }
});

test("sentences_of_the_server_with_a_clause_are_chinese_to_the_end", () => {
  const clauses = clausesOfImages();
  assert.ok(clauses.length >= 30, `${clauses.length} clauses`);
  for (const clause of clauses) {
    const format = "Damaged MCUboot image: {}";
    const said = sentenceIn("zh", { format, values: [clause] });
    assert.doesNotMatch(said, /[a-z]{3,} [a-z]{2,}/, said);
  }
});

test("sentences_nobody_translated_are_left_to_the_server", () => {
  assert.equal(sentenceIn("en", { format: "No MCUboot image", values: [] }), undefined);
  assert.equal(sentenceIn("zh", { format: "Something new", values: [] }), undefined);
});
