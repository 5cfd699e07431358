import assert from "node:assert/strict";
import { QUALITIES } from "../../../src/media/qualities.ts";
import { FILTER_LABELS } from "../../../src/media/rendition.ts";
import { pageTemplate } from "../../../src/http/pages/page_template.ts";
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
  const html = pageTemplate("{{{qualities}}}{{{filters}}}{{title}}", new Map());
  const qualities = Object.entries(QUALITIES).map(([name, { label }]) => [name, label]);
  assert.deepEqual(buttonsIn(html, "quality"), qualities);
  assert.deepEqual(buttonsIn(html, "filter"), Object.entries(FILTER_LABELS));
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
