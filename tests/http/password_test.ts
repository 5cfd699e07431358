import assert from "node:assert/strict";
import { LiveClient } from "../support/live_client.ts";
import {
  ADMIN_TOKEN,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../support/test_server.ts";

const PASSWORD = "open sésame: 7";
const BROWSER = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** A client of another network behind a trusted proxy. */
const ELSEWHERE = { "x-forwarded-for": "203.0.113.1" };

/** Every route that reveals something about the channel, or changes it. */
const GUARDED = [
  ["GET", "/"],
  ["GET", "/?action=stream"],
  ["GET", "/?action=snapshot"],
  ["GET", "/?action=stream_0?nonce=1"],
  ["GET", "/stream/"],
  ["GET", "/webcam/snapshot"],
  ["GET", "/admin/?action=stream"],
  ["GET", "/embed"],
  ["GET", "/stream"],
  ["HEAD", "/stream"],
  ["GET", "/snapshot"],
  ["GET", "/snapshot.jpg"],
  ["GET", "/state"],
  ["GET", "/settings"],
  ["POST", "/settings"],
  ["GET", "/chat"],
  ["POST", "/chat"],
  ["POST", "/donate"],
  ["GET", "/live"],
  ["GET", "/qr.svg"],
  ["GET", "/nowhere"],
  ["DELETE", "/state"],
] as const;

function basic(password: string, user = "viewer"): Record<string, string> {
  const credentials = new TextEncoder().encode(`${user}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...credentials))}` };
}

function login(server: TestServer, password: string, to = "/", headers = {}): Promise<Response> {
  return server.get("/login", {
    method: "POST",
    headers: { ...BROWSER, ...headers },
    body: new URLSearchParams({ password, to }),
  });
}

async function cookieOf(answer: Promise<Response>): Promise<{ cookie: string }> {
  const response = await answer;
  await response.body?.cancel();
  return { cookie: response.headers.get("set-cookie")!.split(";")[0]! };
}

async function locationOf(answer: Promise<Response>): Promise<string | null> {
  const response = await answer;
  await response.body?.cancel();
  assert.equal(response.status, 303);
  return response.headers.get("location");
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
}

Deno.test("password guards every route of the channel, with a Basic challenge for programs", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const [method, path] of GUARDED) {
    const response = await server.get(path, { method });
    assert.equal(response.status, 401, `${method} ${path}`);
    assert.equal(
      response.headers.get("www-authenticate"),
      'Basic realm="<Tea> & cake", charset="UTF-8"',
    );
    if (method !== "HEAD") {
      assert.deepEqual(await response.json(), {
        error: "Unauthorized",
        detail: "Enter the password on the page, or send it as Authorization: Basic",
      });
    }
  }
  assert.equal([...server.audience.viewers].length, 0);
  assert.equal(server.donations.count, 0);
});

Deno.test("password is not requested if there is none", async () => {
  await using server = await startTestServer();
  assert.equal(await statusOf(server.get("/state")), 200);
  assert.equal(await statusOf(server.get("/login")), 404);
});

Deno.test("password leaves the login page, files, the studio and /healthz open", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const path of ["/login", "/css/base.css", "/js/watch.js", "/favicon.svg", "/healthz"]) {
    assert.equal(await statusOf(server.get(path)), 200, path);
  }
  const studio = await server.get("/studio");
  assert.equal(studio.status, 200);
  assert.doesNotMatch(await studio.text(), /Tea/, "it reveals nothing about the channel");
  const admin = await server.get("/admin/state");
  assert.equal(admin.headers.get("www-authenticate"), "Bearer");
  assert.equal(admin.status, 401);
  await admin.body?.cancel();
});

Deno.test("password redirects browsers to the login page, and then to the page they requested", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (
    const [path, to] of [
      ["/", "./login"],
      [
        "/snapshot?quality=low&filter=sepia",
        "./login?to=%2Fsnapshot%3Fquality%3Dlow%26filter%3Dsepia",
      ],
      ["//evil.example", "../login?to=%2F%2Fevil.example"],
    ] as const
  ) {
    assert.equal(await locationOf(server.get(path, { headers: BROWSER })), to);
  }
  const page = await server.get("/login?to=%2Fsnapshot%3Fquality%3Dlow", { headers: BROWSER });
  const html = await page.text();
  assert.match(html, /<input type="hidden" name="to" value="\/snapshot\?quality=low">/);
  assert.match(html, /<h1 dir="auto">&lt;Tea&gt; &amp; cake<\/h1>/);
  const wanted = "/snapshot?quality=low";
  assert.equal(await locationOf(login(server, PASSWORD, wanted)), `.${wanted}`);
});

for (
  const to of ["//evil.example", "/\\evil.example", "https://evil.example", "/.//evil.example"]
) {
  Deno.test(`password redirects nobody to ${to}`, async () => {
    await using server = await startTestServer({ password: PASSWORD });
    const page = await server.get(`/login?${new URLSearchParams({ to })}`, { headers: BROWSER });
    assert.match(await page.text(), /name="to" value="\/"/);
    assert.equal(await locationOf(login(server, PASSWORD, to)), "./");
    const headers = await cookieOf(login(server, PASSWORD));
    const known = server.get(`/login?${new URLSearchParams({ to })}`, { headers });
    assert.equal(await locationOf(known), "./");
  });
}

Deno.test("password, once entered, opens pages, frames, forms and the page socket", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  server.program.publish(TINY_JPEG);
  const headers = await cookieOf(login(server, PASSWORD));
  for (const path of ["/", "/state", "/snapshot", "/settings", "/chat", "/qr.svg", "/embed"]) {
    assert.equal(await statusOf(server.get(path, { headers })), 200, path);
  }
  assert.equal(await statusOf(server.get("/donate", { method: "POST", headers })), 200);
  assert.equal(await statusOf(server.get("/stream", { headers })), 200);
  await using page = await LiveClient.open(server, headers);
  assert.equal((await page.next("hello")).state.title, "<Tea> & cake");
});

Deno.test("password refuses a page socket without it", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  await assert.rejects(LiveClient.open(server), /refused/);
  await assert.rejects(LiveClient.open(server, { cookie: "pass=1.2" }), /refused/);
  await using page = await LiveClient.open(server, basic(PASSWORD));
  await page.next("hello");
});

Deno.test("password is accepted with each request of a program, with any user name", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const user of ["viewer", "", "Ada"]) {
    assert.equal(await statusOf(server.get("/state", { headers: basic(PASSWORD, user) })), 200);
  }
  for (const wrong of [basic("wrong"), basic(`${PASSWORD} `), basic("")]) {
    const response = await server.get("/state", { headers: wrong });
    assert.equal(response.status, 401);
    assert.equal((await response.json()).detail, "That is not the password");
  }
});

Deno.test("password is accepted in any encoding and composition", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const latin = Uint8Array.from(`viewer:${PASSWORD}`, (letter) => letter.charCodeAt(0));
  const all = [
    basic(PASSWORD.normalize("NFC")),
    basic(PASSWORD.normalize("NFD")),
    { authorization: `Basic ${btoa(String.fromCharCode(...latin))}` },
  ];
  const wrong = basic("w\u00e9");
  wrong.authorization = `Basic ${btoa("viewer:w\u00e9")}`;
  for (const headers of all) {
    assert.equal(await statusOf(server.get("/state", { headers })), 200);
    // Each wrong one counts as one guess; five would lock the client out.
    for (let i = 0; i < 4; i++) {
      const away = { ...wrong, ...ELSEWHERE };
      assert.equal(await statusOf(server.get("/state", { headers: away })), 401);
    }
    assert.equal(
      await statusOf(server.get("/state", { headers: { ...headers, ...ELSEWHERE } })),
      200,
    );
  }
});

Deno.test("password is accepted in a form that is not UTF-8", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const post = (body: string) =>
    server.get("/login", {
      method: "POST",
      headers: { ...BROWSER, "content-type": "application/x-www-form-urlencoded" },
      body: Uint8Array.from(body, (letter) => letter.charCodeAt(0)),
    });
  for (const password of ["open+s\u00e9same: 7", "open+s%E9same%3A+7", "open%20s%c3%a9same: 7"]) {
    assert.equal(await statusOf(post(`password=${password}`)), 303, password);
  }
  assert.equal(await statusOf(post("password=open+s%E8same%3A+7")), 403);
});

Deno.test("password treats malformed credentials as none", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (const authorization of ["Basic", "Basic !", "Basic eA==", `Bearer ${PASSWORD}`, PASSWORD]) {
    for (let i = 0; i < 2; i++) {
      const headers = new Headers([["authorization", encodeURI(authorization)]]);
      assert.equal(await statusOf(server.get("/state", { headers })), 401, authorization);
    }
  }
  assert.equal(await statusOf(server.get("/state", { headers: basic(PASSWORD) })), 200);
});

Deno.test("password opens no browser dialog for requests of a page", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  for (
    const headers of [
      { referer: `${server.origin}/` },
      { origin: server.origin },
      { "sec-fetch-site": "same-origin" },
    ] as Record<string, string>[]
  ) {
    const response = await server.get("/stream", { headers });
    await response.body?.cancel();
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("www-authenticate"), null);
  }
});

Deno.test("password page says how many tries are left, then how long to wait", async () => {
  const clock = { now: 0 };
  await using server = await startTestServer({
    password: PASSWORD,
    now: () => clock.now,
    trustedProxy: ["127.0.0.1"],
  });
  const said = [];
  for (let i = 0; i < 6; i++) {
    const response = await login(server, "<wrong>", "/chat", ELSEWHERE);
    const html = await response.text();
    assert.match(html, /name="to" value="\/chat"/, "what was wanted is not forgotten");
    assert.doesNotMatch(html, /wrong&gt;/, "nor is what was typed shown");
    said.push([response.status, /role="alert"\s*>(.*?)</.exec(html)?.[1]]);
  }
  assert.deepEqual(said, [
    [403, "That is not the password. 4 tries are left."],
    [403, "That is not the password. 3 tries are left."],
    [403, "That is not the password. 2 tries are left."],
    [403, "That is not the password. One try is left."],
    [403, "That is not the password. Try again in 10 minutes."],
    [429, "Too many wrong passwords. Try again in 10 minutes."],
  ]);
  clock.now = 570_000;
  const locked = await login(server, PASSWORD, "/", ELSEWHERE);
  assert.equal(locked.headers.get("retry-after"), "30");
  assert.match(await locked.text(), /Try again in 30 seconds\./);
  clock.now = 600_000;
  assert.equal(await locationOf(login(server, PASSWORD, "/", ELSEWHERE)), "./");
});

Deno.test("password page delays guesses from this machine by ten seconds at most", async () => {
  const clock = { now: 0 };
  await using server = await startTestServer({ password: PASSWORD, now: () => clock.now });
  for (let i = 0; i < 6; i++) await statusOf(login(server, "wrong"));
  const slowed = await login(server, PASSWORD);
  assert.equal(slowed.status, 429);
  assert.match(await slowed.text(), /Try again in 10 seconds\./);
  clock.now = 10_000;
  assert.equal(await locationOf(login(server, PASSWORD)), "./");
});

Deno.test("password, wrong five times, locks out an address but not browsers that entered it", async () => {
  await using server = await startTestServer({
    password: PASSWORD,
    trustedProxy: ["127.0.0.1"],
  });
  const known = await cookieOf(login(server, PASSWORD, "/", ELSEWHERE));
  const program = (password: string) => ({ headers: { ...basic(password), ...ELSEWHERE } });
  for (let i = 0; i < 5; i++) await statusOf(server.get("/stream", program("stale")));
  const response = await server.get("/state", program(PASSWORD));
  assert.equal(response.status, 429);
  assert.equal(response.headers.get("retry-after"), "600");
  assert.match((await response.json()).detail, /^Too many wrong passwords/);
  assert.equal(await statusOf(server.get("/state", { headers: known })), 200);
  assert.equal(await statusOf(server.get("/", { headers: BROWSER })), 303);
});

Deno.test("password can be entered by a program", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const post = (password: string) =>
    server.get("/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ password }),
    });
  const wrong = await post("wrong");
  assert.equal(wrong.status, 403);
  assert.match((await wrong.json()).detail, /4 tries are left/);
  const right = await post(PASSWORD);
  assert.deepEqual(await right.json(), { ok: true });
  assert.match(right.headers.get("set-cookie")!, /^pass=/);
});

Deno.test("password is not accepted from another site's form", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const response = await login(server, PASSWORD, "/", { origin: "https://evil.example" });
  await response.body?.cancel();
  assert.equal(response.status, 403);
  assert.equal(response.headers.get("set-cookie"), null);
});

Deno.test("password is not needed with the streamer's token", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const known = await cookieOf(server.get("/admin/state", { headers }));
  await using page = await LiveClient.open(server, known);
  await page.next("hello");
  assert.equal(await statusOf(server.get("/", { headers: { ...known, ...BROWSER } })), 200);
  const again = await server.get("/admin/state", { headers: { ...headers, ...known } });
  await again.body?.cancel();
  assert.equal(again.headers.get("set-cookie"), null);
  const wrong = await server.get("/admin/state", { headers: { authorization: "Bearer wrong" } });
  await wrong.body?.cancel();
  assert.equal(wrong.headers.get("set-cookie"), null);
});

Deno.test("password's realm holds only what a header can", async () => {
  await using server = await startTestServer({ password: PASSWORD });
  const realms = [];
  for (const title of ['Vögel "live" \\ 🐦', "鳥"]) {
    server.channel.setTitle(title);
    const response = await server.get("/stream");
    await response.body?.cancel();
    realms.push(/realm="(.*)",/.exec(response.headers.get("www-authenticate")!)?.[1]);
  }
  assert.deepEqual(realms, ["Vgel live", "Livestream"]);
});
