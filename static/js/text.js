import { formatterOf } from "./format_text.js";

/** @typedef {import("../../src/page_text_key.ts").PageTextKey} TextKey */
/** @typedef {import("./format_text.js").Text} Text */
/** @typedef {import("./format_text.js").TextValues} TextValues */

/** @type {Readonly<Record<string, Text>>} */
let texts = {};
let language = "en";
let format = formatterOf(language);

/**
 * Takes the texts of a language. The server puts those of a page into it (src/http/pages/page_texts.ts).
 *
 * @param {string} tag BCP 47 tag of the language: `de`, `zh-TW`.
 * @param {Readonly<Record<string, Text>>} all By key.
 */
export function useTexts(tag, all) {
  texts = all;
  language = tag;
  format = formatterOf(tag);
}

if (typeof document !== "undefined") {
  const element = document.getElementById("texts");
  if (element) useTexts(document.documentElement.lang, JSON.parse(element.textContent ?? "{}"));
}

/**
 * Fetches all texts of a language.
 *
 * @param {string} url
 * @returns {Promise<Readonly<Record<string, Text>>>} By key.
 * @throws {Error} There is no such file, or the server refuses it for now: its JSON then says why.
 */
export async function fetchTexts(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/**
 * Loads a module whose texts are not in the page, and all texts with it.
 *
 * @template Module
 * @param {() => Promise<Module>} load
 * @returns {Promise<Module>}
 */
export async function withTexts(load) {
  const [module, all] = await Promise.all([load(), fetchTexts(`texts/${language}.json`)]);
  texts = all;
  return module;
}

/** The language of the page's texts, as a BCP 47 tag. */
export function pageLanguage() {
  return language;
}

/**
 * Returns a text in the page's language; its key if there is none. `count` chooses the plural.
 *
 * @param {TextKey} key
 * @param {TextValues} [values]
 */
export function text(key, values) {
  return format(texts[key] ?? key, values);
}

/**
 * Returns why something was refused, in the page's language if it has a code that the page knows.
 *
 * @param {{ reason?: string, code?: string, values?: TextValues }} refusal
 */
export function refusalText({ reason = "", code, values }) {
  const found = texts[`error.${code}`];
  return found === undefined ? reason : format(found, values);
}
