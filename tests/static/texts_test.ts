import assert from "node:assert/strict";
import { type PageTexts, textsNamedIn } from "../../src/http/pages/page_texts.ts";
import en from "../../static/texts/en.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
/** What is the same in every language. */
const UNTRANSLATED = new Set(["Livestream"]);

/** Reads every file of a folder whose name ends like this, by its path from the root. */
async function read(folder: string, ending: string): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) found.push(...await read(`${folder}${name}/`, ending));
    else if (name.endsWith(ending)) {
      found.push([folder + name, await Deno.readTextFile(new URL(folder + name, ROOT))]);
    }
  }
  return found;
}

const pages = await read("static/", ".html");
const scripts = (await read("static/js/", ".js"))
  // Software of others, which shows nothing.
  .filter(([path]) => !path.endsWith(".min.js"));
const sources = await read("src/", ".ts");
const english: PageTexts = en;

const withoutSlots = (text: string) => text.replace(/\{\{\{?.*?\}\}\}?|\$\{[^}]*\}/g, " ").trim();

const isText = (text: string) =>
  /\p{L}/u.test(withoutSlots(text)) && !UNTRANSLATED.has(withoutSlots(text));

/** Returns the texts of a page that are not slots: what stands between tags, or in attributes people read. */
function textsOfPage(html: string): string[] {
  // Options are the same in every language.
  const shown = html.replace(/<!--.*?-->|<!doctype[^>]*>|<code>.*?<\/code>/gis, "");
  const nodes = Array.from(shown.matchAll(/>([^<>]+)</g), ([, text]) => text);
  const attributes = shown.matchAll(
    /\s(?:title|aria-label|aria-description|placeholder|alt)="(.*?)"/gs,
  );
  return [...nodes, ...Array.from(attributes, ([, text]) => text)].filter(isText)
    .map((text) => text.trim());
}

/** What begins like a text in scripts and is none: names of keys, headers and errors. */
const NAMES =
  /^(?:Accept|Content-Type|Arrow\w+|Bearer .*|NotAllowedError|AbortError|VideoDecoder|WebCodecs|MediaSource|Hls|Video\\0|Enter|Esc|Escape|Space|Tab)$/;

/** Errors that only programmers see. */
const FOR_PROGRAMMERS = /^(?:Cannot read (?:stream|packet): |Page has no )/;

/** Returns the strings of a script that read like a text: they begin with a capital and a small letter. */
function textsOfScript(script: string): string[] {
  const code = script.replace(/\/\*.*?\*\//gs, "").replace(/(^|\s)\/\/ .*$/gm, "$1");
  const strings = code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g);
  return Array.from(strings, ([, plain, template]) => plain ?? template)
    .filter((text) => /^\p{Lu}\p{Ll}/u.test(withoutSlots(text)) && !NAMES.test(text))
    .filter((text) => !FOR_PROGRAMMERS.test(text) && !UNTRANSLATED.has(text));
}

for (const [path, html] of pages) {
  Deno.test(`${path} has its texts from static/texts`, () => {
    assert.deepEqual(textsOfPage(html), []);
  });
}

for (const [path, script] of scripts) {
  Deno.test(`${path} has its texts from static/texts`, () => {
    assert.deepEqual(textsOfScript(script), []);
  });
}

Deno.test("texts outside of static/texts are found", () => {
  const html = '<p title="Pause it">{{text.a}} <b>Play</b></p><i alt="{{x}}">{{{y}}}2</i>';
  assert.deepEqual(textsOfPage(html), ["Play", "Pause it"]);
  const script = '/* "Not me" */ a = b ? "Live" : "pause"; // "Nor me"\nf(`Wait ${n} s`, "a.b");';
  assert.deepEqual(textsOfScript(script), ["Live", "Wait ${n} s"]);
});

const slots = pages.flatMap(([, html]) =>
  Array.from(html.matchAll(/\{\{ ?text\.([\w.-]+) ?\}\}/g), ([, key]) => key)
);

Deno.test("pages and scripts use only texts that there are", () => {
  const called = scripts.flatMap(([, script]) =>
    Array.from(script.matchAll(/\btext\(\s*"([^".]+\.[^"]+)"/g), ([, key]) => key)
  );
  const unknown = [...slots, ...called].filter((key) => !Object.hasOwn(english, key));
  assert.deepEqual(unknown, []);
  assert.deepEqual(slots.filter((key) => typeof english[key] !== "string"), [], "plurals in pages");
});

Deno.test("every text is used", () => {
  const code = [...scripts, ...sources].map(([, text]) => text);
  const named = textsNamedIn(code, english);
  const whole = code.join("\n");
  const beginnings = Array.from(
    whole.matchAll(/\{\{text\.([\w.-]+\.)\$\{/g),
    ([, beginning]) => beginning,
  );
  const isUsed = (key: string) => {
    if (slots.includes(key) || beginnings.some((beginning) => key.startsWith(beginning))) {
      return true;
    }
    // Scripts name errors by a code that the server sends.
    const [, code] = /^error\.(.*)$/.exec(key) ?? [];
    return code === undefined
      ? key in named
      : whole.includes(`"${code}"`) || whole.includes(`"${key}"`);
  };
  assert.deepEqual(Object.keys(english).filter((key) => !isUsed(key)), []);
});

const formsOf = (text: PageTexts[string]) => typeof text === "string" ? { other: text } : text;

const placeholdersIn = (text: string) =>
  [...new Set(Array.from(text.matchAll(/\{+\w+\}+/g), ([slot]) => slot))].toSorted();

for (const [path, json] of await read("static/texts/", ".json")) {
  const [, tag] = /([^/]+)\.json$/.exec(path)!;
  const texts: PageTexts = JSON.parse(json);

  Deno.test(`${path} has texts of English alone, and names itself`, () => {
    assert.equal(Intl.getCanonicalLocales(tag)[0], tag);
    assert.ok("common.own-name" in texts);
    assert.deepEqual(Object.keys(texts).filter((key) => !Object.hasOwn(english, key)), []);
  });

  Deno.test(`${path} has the placeholders of English`, () => {
    for (const [key, text] of Object.entries(texts)) {
      const { other } = formsOf(english[key]);
      assert.deepEqual(placeholdersIn(formsOf(text).other), placeholdersIn(other), key);
      // "One try is left" needs no number.
      for (const form of Object.values(formsOf(text))) {
        assert.ok(placeholdersIn(form).every((slot) => placeholdersIn(other).includes(slot)), key);
      }
    }
  });

  Deno.test(`${path} has the plurals of its language`, () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    // For numbers such as 1e6, which no page shows.
    const needed = categories.filter((category) => category !== "many");
    for (const [key, text] of Object.entries(texts)) {
      assert.equal(typeof text, typeof english[key], key);
      if (typeof text === "string") continue;
      assert.deepEqual(needed.filter((category) => !(category in text)), [], key);
      const extra = Object.keys(text).filter((form) => !categories.some((one) => one === form));
      assert.deepEqual(extra, [], key);
    }
  });
}
