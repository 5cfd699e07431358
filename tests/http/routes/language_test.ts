import assert from "node:assert/strict";
import { startTestServer, type TestServer } from "../../support/test_server.ts";

const PAGE = '<html lang="{{language}}"><input value="{{here}}">{{{languageMenu}}}';
const BROWSER = { accept: "text/html,*/*;q=0.8" };

function choose(server: TestServer, fields: Record<string, string>): Promise<Response> {
  const headers = { ...BROWSER, origin: server.origin };
  return server.get("/language", { method: "POST", headers, body: new URLSearchParams(fields) });
}

Deno.test("/language sets the cookie that pages follow, and returns to the page", async () => {
  await using server = await startTestServer({ page: PAGE });
  const response = await choose(server, { language: "zh-TW", to: "/?a=b" });
  await response.body?.cancel();
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "./?a=b");
  const [cookie] = response.headers.get("set-cookie")!.split(";");
  const page = await server.get("/?a=b", { headers: { cookie, "accept-language": "de" } });
  assert.equal(page.headers.get("content-language"), "zh-TW");
  const html = await page.text();
  assert.match(html, /<html lang="zh-TW"><input value="\/\?a=b">/);
  assert.match(html, /<option value="zh-TW" lang="zh-TW" selected>繁體中文<\/option>/);
});

Deno.test("/language redirects nobody elsewhere", async () => {
  await using server = await startTestServer();
  for (const to of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
    const response = await choose(server, { language: "de", to });
    await response.body?.cancel();
    assert.equal(response.headers.get("location"), "./", to);
  }
});

Deno.test("/language refuses a language that it does not have, and says which it has", async () => {
  await using server = await startTestServer();
  const response = await server.get("/language", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ language: "tlh" }),
  });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("set-cookie"), null);
  const { detail } = await response.json();
  assert.match(detail, /^Set language to one of en, de, .*zh-TW: "tlh"$/);
});

Deno.test("a page that is not there says so in the browser's language", async () => {
  await using server = await startTestServer();
  const headers = { ...BROWSER, "accept-language": "de" };
  const response = await server.get("/<nowhere>", { headers });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get("content-language"), "de");
  const html = await response.text();
  assert.match(html, /<html lang="de">/);
  assert.match(html, /<h1>Nicht gefunden: \/%3Cnowhere%3E<\/h1>/);
  const json = await server.get("/nowhere", { headers: { "accept-language": "de" } });
  assert.equal((await json.json()).detail, "Not found: /nowhere", "programs get English");
});

Deno.test("the password form is in the browser's language, with its problem", async () => {
  await using server = await startTestServer({ password: "sesame" });
  const response = await server.get("/login", {
    method: "POST",
    headers: { ...BROWSER, origin: server.origin, "accept-language": "zh-HK" },
    body: new URLSearchParams({ password: "wrong", to: "/embed" }),
  });
  const html = await response.text();
  assert.match(html, />密碼不正確。還可以再試 4 次。</);
  assert.match(html, /form="language"/);
  assert.match(html, /name="to" value="\/login\?to=%2Fembed"/);
});
