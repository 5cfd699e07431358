import assert from "node:assert/strict";
import "../../support/page_texts.ts";
import { Admin, AdminProblem } from "../../../static/js/studio/admin.js";
import "../../support/page_texts.ts";

function setUp(answer: () => Response | Promise<Response>) {
  const asked: { url: string; method: string; authorization: string | null; body: unknown }[] = [];
  const denials: string[] = [];
  const admin = new Admin({
    onDenied: ({ message }) => denials.push(message),
    fetch: async (url, { method = "GET", headers, body }) => {
      const authorization = new Headers(headers).get("authorization");
      asked.push({ url, method, authorization, body });
      return await answer();
    },
  });
  admin.token = "secret";
  return { admin, asked, denials };
}

async function problemOf(promise: Promise<unknown>): Promise<AdminProblem> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AdminProblem) return error;
    throw error;
  }
  throw new Error("No problem");
}

Deno.test("admin sends the token with every request", async () => {
  const { admin, asked } = setUp(() => Response.json({ ok: true }));
  assert.deepEqual(await admin.post("/admin/title", { title: "T" }), { ok: true });
  await admin.get("/admin/state");
  await (await admin.fetch("/admin/preview", {})).text();
  assert.deepEqual(asked.map(({ url, method, authorization }) => [url, method, authorization]), [
    ["/admin/title", "POST", "Bearer secret"],
    ["/admin/state", "GET", "Bearer secret"],
    ["/admin/preview", "GET", "Bearer secret"],
  ]);
  assert.equal(asked[0].body, '{"title":"T"}');
});

Deno.test("admin reports the server's reason, or its own if there is none", async () => {
  const detail = "Choose one of the sources found: x";
  const reason = await problemOf(
    setUp(() => Response.json({ detail }, { status: 400 })).admin.get("/x"),
  );
  assert.deepEqual([reason.message, reason.status], [detail, 400]);
  const html = setUp(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  assert.equal((await problemOf(html.admin.get("/x"))).message, "The server answered 502");
  const away = setUp(() => Promise.reject(new TypeError("Failed to fetch")));
  assert.equal((await problemOf(away.admin.get("/x"))).message, "Can't reach the server");
  assert.deepEqual(away.denials, []);
});

Deno.test("admin reports once that the token is wrong, or for how long it is locked", async () => {
  const wrong = setUp(() => Response.json({}, { status: 401 }));
  const problem = await problemOf(wrong.admin.get("/x"));
  assert(problem.isDenied);
  assert.match(problem.message, /^Wrong token/);
  assert.deepEqual(wrong.denials, [problem.message]);
  const headers = { "retry-after": "300" };
  const locked = setUp(() => Response.json({}, { status: 429, headers }));
  assert.match((await problemOf(locked.admin.get("/x"))).message, /Try again in 5 minutes/);
});

Deno.test("admin ignores the answer to an earlier token", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { admin, denials } = setUp(() => promise);
  const asking = problemOf(admin.get("/x"));
  admin.token = "another";
  resolve(Response.json({}, { status: 401 }));
  await asking;
  assert.deepEqual(denials, []);
});
