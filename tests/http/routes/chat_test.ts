import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import { newViewer, startTestServer } from "../../support/test_server.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

Deno.test("POST /chat as a form redirects to the page, which shows the message", async () => {
  await using server = await startTestServer({ page: "<ol>{{{chatMessages}}}</ol>{{name}}" });
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, await newViewer(server));
  const posted = await server.get("/chat", {
    method: "POST",
    headers: { ...FORM, ...anna },
    body: "text=%3Cscript%3E%26%22&name=A%3Ci%3E&key=",
  });
  await posted.body?.cancel();
  assert.deepEqual([posted.status, posted.headers.get("location")], [303, "./#chat"]);
  const { message } = await page.next("chat");
  const shown = await (await server.get("/", { headers: anna })).text();
  assert.equal(
    shown,
    `<ol><li data-id="${message.id}"><b class="name" data-hue="${message.hue}"><bdi>A&lt;i&gt;</bdi></b> ` +
      `<span class="message-text" dir="auto">&lt;script&gt;&amp;&quot;</span></li></ol>A&lt;i&gt;`,
  );
});

Deno.test("POST /chat as a refused form answers with a page that says why", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  const post = (body: string) =>
    server.get("/chat", {
      method: "POST",
      headers: { ...FORM, ...anna, accept: "text/html,*/*;q=0.8" },
      body,
    });
  const nameless = await post("text=Hello&name=");
  assert.equal(nameless.status, 400);
  assert.match(await nameless.text(), /Enter a name first: it appears next to your messages/);
  for (let i = 0; i < 3; i++) await (await post(`text=${i}&name=Anna`)).body?.cancel();
  const quick = await post("text=4");
  assert.equal(quick.status, 429);
  assert.equal(quick.headers.get("retry-after"), "2");
  assert.match(await quick.text(), /<h1>You are sending messages too fast/);
});

Deno.test("POST /chat as forms without a key posts separate messages", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  for (const text of ["One", "Two"]) {
    const posted = await server.get("/chat", {
      method: "POST",
      headers: { ...FORM, ...anna },
      body: `text=${text}&name=Anna&key=`,
    });
    await posted.body?.cancel();
  }
  assert.deepEqual(server.chat.newest().chat.map(({ text }) => text), ["One", "Two"]);
});

Deno.test("POST /chat as JSON returns the message, once for each key", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  const post = async () => {
    const response = await server.get("/chat", {
      method: "POST",
      headers: { ...JSON_TYPE, ...anna },
      body: '{"text":"Hello","name":"Anna","key":"k1"}',
    });
    return await response.json();
  };
  const { message, repeated } = await post();
  assert.deepEqual([message.text, repeated], ["Hello", false]);
  assert.deepEqual(await post(), { message, repeated: true });
  assert.equal(server.chat.newest().chat.length, 1);
});

Deno.test("POST /chat applies the pace to programs without a cookie, by address", async () => {
  await using server = await startTestServer();
  const statuses = [];
  for (let i = 0; i < 4; i++) {
    const response = await server.get("/chat", {
      method: "POST",
      headers: JSON_TYPE,
      body: '{"text":"Hello","name":"Script"}',
    });
    statuses.push(response.status);
    assert(!(await response.text()).includes("127.0.0.1"));
  }
  assert.deepEqual(statuses, [200, 200, 200, 429]);
});

Deno.test("POST /chat refuses another site's page and anything but text", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  const post = async (headers: Record<string, string>, body: string) => {
    const response = await server.get("/chat", {
      method: "POST",
      headers: { ...JSON_TYPE, ...anna, ...headers },
      body,
    });
    await response.body?.cancel();
    return response.status;
  };
  const body = '{"text":"Hello","name":"Anna"}';
  assert.equal(await post({ origin: "http://evil.example" }, body), 403);
  assert.equal(await post({}, '{"text":7,"name":"Anna"}'), 400);
  assert.equal(await post({}, '{"name":"Anna"}'), 400);
  assert.deepEqual(server.chat.newest().chat, []);
});

Deno.test("GET /chat returns the newest messages, and older ones by id", async () => {
  await using server = await startTestServer();
  for (let i = 0; i < 60; i++) {
    server.chat.post({ viewer: `viewer ${i}`, key: "k", text: `${i}`, name: `Anna ${i}` });
  }
  const get = async (query: string) => await (await server.get(`/chat${query}`)).json();
  const newest = await get("");
  assert.deepEqual([newest.chat.length, newest.chat[0].text, newest.more], [50, "10", true]);
  const older = await get(`?before=${newest.chat[0].id}`);
  assert.deepEqual([older.chat.length, older.chat[0].text, older.more], [10, "0", false]);
  for (const query of ["before=x", "before=", "before=0", "before=1.5", "before=2&before=3"]) {
    assert.equal((await get(`?${query}`)).error, "Bad Request", query);
  }
});
