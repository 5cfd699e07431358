import assert from "node:assert/strict";
import en from "../../../static/texts/en.json" with { type: "json" };
import { QUALITY_NAMES } from "../../../src/media/qualities.ts";
import { FILTERS } from "../../../src/media/rendition.ts";
import { pageTemplate } from "../../../src/http/pages/page_template.ts";
import { Language } from "../../../src/http/pages/page_texts.ts";
import { newViewer, startTestServer } from "../../support/test_server.ts";

/** The value and the label of each button of a choice that matches, in the page's order. */
function buttonsIn(html: string, choice: string, attributes = ""): string[][] {
  const button = new RegExp(`<button name="${choice}"([^>]*)>(.*?)</button>`, "gs");
  return Array.from(html.matchAll(button))
    .filter(([, given]) => given.includes(attributes))
    .map(([, given, content]) => [
      / value="([^"]*)"/.exec(given)?.[1] ?? "",
      content.replace(/<[^>]*>/g, "").trim(),
    ]);
}

Deno.test("page template has a button for each quality and filter that the server offers", () => {
  const template = pageTemplate("{{{qualities}}}{{{filters}}}{{title}}", new Map(), []);
  const html = template(new Language("en", en));
  const qualities = QUALITY_NAMES.map((name) => [name, en[`common.quality.${name}`]]);
  assert.deepEqual(buttonsIn(html, "quality"), qualities);
  assert.deepEqual(
    buttonsIn(html, "filter"),
    FILTERS.map((name) => [name, en[`watch.filter.${name}`]]),
  );
  assert(html.endsWith("{{title}}"), "what differs between viewers is left for later");
});

Deno.test("page shows a viewer's choices without JavaScript", async () => {
  await using server = await startTestServer({ page: "{{{qualities}}}{{{filters}}}" });
  const { cookie } = await newViewer(server);
  const load = async () => await (await server.get("/", { headers: { cookie } })).text();
  const pressed = (html: string) =>
    ["quality", "filter"].map((choice) => buttonsIn(html, choice, 'aria-pressed="true"'));
  assert.deepEqual(pressed(await load()), [[["high", "High"]], [["none", "None"]]]);

  const choose = async (choices: Record<string, string>) => {
    const headers = { cookie, origin: server.origin };
    const body = new URLSearchParams(choices);
    const response = await server.get("/settings", { method: "POST", headers, body });
    await response.body?.cancel();
  };
  await choose({ quality: "low", filter: "highlight" });
  const html = await load();
  assert.deepEqual(pressed(html), [[["low", "Low"]], [["highlight", "Motion"]]]);
  assert.doesNotMatch(html, /\{\{| disabled/);

  await choose({ mode: "gaming" });
  assert.equal(buttonsIn(await load(), "quality", " disabled").length, 3);
});

const SCRIPTS = new Map(
  Object.entries({
    "/js/page.js": 'import { b } from "./b.js";\ntext("watch.pause");\n',
    "/js/b.js": "text(`error.${code}`);\n",
    "/js/other.js": 'text("studio.mute");\n',
  }).map(([path, script]) => [path, new TextEncoder().encode(script)]),
);

Deno.test("page has the texts that its own scripts name, and no other", () => {
  const texts = {
    "watch.pause": "Pause",
    "error.a": "</script>",
    "studio.mute": "Mute",
    "a.b": "",
  };
  const html = '<script type="module" src="js/page.js"></script>{{{texts}}}';
  const page = pageTemplate(html, SCRIPTS, [])(new Language("en", texts));
  const [, json] = /<script type="application\/json" id="texts">(.*?)<\/script>/.exec(page)!;
  assert.deepEqual(JSON.parse(json), { "watch.pause": "Pause", "error.a": "</script>" });
});

Deno.test("page fills text by text with English where a language has none", () => {
  const german = new Language("de", { "a.b": "Bier" }, { "a.b": "Beer", "a.c": "Cake" });
  const page = pageTemplate("{{language}}: {{text.a.b}}, {{text.a.c}}", new Map(), [])(german);
  assert.equal(page, "de: Bier, Cake");
});
