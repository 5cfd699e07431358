import assert from "node:assert/strict";
import { ViewerPassword } from "../../src/http/viewer_password.ts";

/** Who tries it here. */
const SOMEONE = { own: "10.0.0.1", shared: null, session: null };

const DAY_MS = 24 * 60 * 60 * 1000;
const HTTP = new URL("http://10.0.0.5:8081/");
const HTTPS = new URL("https://10.0.0.5:8081/");

function passwordAt(password = "open sesame", kept = new Uint8Array(32).fill(7)) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  return { clock, password: new ViewerPassword({ password, kept, now: () => clock.now }) };
}

/** The cookie that a browser is given, with its attributes. */
function given(password: ViewerPassword, url = HTTP, basePath = "/"): string {
  const headers = new Headers();
  password.remember({ url, basePath }, headers);
  return headers.get("set-cookie")!;
}

function call(cookie: string, url = HTTP, basePath = "/") {
  const headers = { cookie: cookie.split(";")[0]! };
  return { request: new Request(url, { headers }), url, basePath };
}

Deno.test("viewer password knows the browser it remembered, for thirty days", () => {
  const { clock, password } = passwordAt();
  const known = call(given(password));
  assert(password.knows(known));
  clock.now += 30 * DAY_MS - 1000;
  assert(password.knows(known));
  clock.now += 2000;
  assert(!password.knows(known));
});

Deno.test("viewer password knows its browsers after a restart, but not after a change", () => {
  const known = call(given(passwordAt().password));
  assert(passwordAt().password.knows(known));
  assert(!passwordAt("another one").password.knows(known));
  const otherStore = new Uint8Array(32).fill(8);
  assert(!passwordAt("open sesame", otherStore).password.knows(known));
});

Deno.test("viewer password knows nobody by a cookie that was changed or made up", () => {
  const { password } = passwordAt();
  const [name, value] = given(password).split(";")[0]!.split("=") as [string, string];
  const [until, signature] = value.split(".") as [string, string];
  const later = String(Number(until) + 1);
  const other = signature.startsWith("A") ? "B" : "A";
  for (
    const wrong of [
      "",
      "1",
      until,
      `.${signature}`,
      `${until}.`,
      `${later}.${signature}`,
      `0${until}.${signature}`,
      `${until}.${other}${signature.slice(1)}`,
      `${until}.${signature.slice(1)}`,
      `${until}.${signature}=`,
      `${until}.${"\u00e4".repeat(43)}`,
    ]
  ) {
    const request = { headers: { get: () => `${name}=${wrong}` } } as unknown as Request;
    assert(!password.knows({ request, url: HTTP, basePath: "/" }), wrong);
  }
});

Deno.test("viewer password's cookie is kept from scripts, other sites, and HTTPS from plain HTTP", () => {
  const { password } = passwordAt();
  assert.match(given(password), /^pass=[^;]+; HttpOnly; Max-Age=2592000; SameSite=Lax; Path=\/$/);
  const secure = given(password, HTTPS);
  assert.match(
    secure,
    /^__Host-pass=[^;]+; Secure; HttpOnly; Max-Age=2592000; SameSite=Lax; Path=\/$/,
  );
  assert(password.knows(call(secure, HTTPS)));
  assert(!password.knows(call(given(password), HTTPS)));
});

Deno.test("viewer password's cookie is sent below the base path alone", () => {
  const { password } = passwordAt();
  assert.match(given(password, HTTP, "/cam/"), /^pass=.*; Path=\/cam\/$/);
  const secure = given(password, HTTPS, "/cam/");
  // Browsers refuse a `__Host-` cookie with a path.
  assert.match(secure, /^__Secure-pass=.*; Secure; .*; Path=\/cam\/$/);
  assert(password.knows(call(secure, HTTPS, "/cam/")));
  assert(!password.knows(call(secure, HTTPS)), "another site of the domain may have set it");
});

Deno.test("viewer password is the same however its letters are composed", () => {
  const { password } = passwordAt("caf\u00e9 society");
  assert(password.check("cafe\u0301 society", SOMEONE).isRight);
});

Deno.test("viewer password takes no longer for many marks on a letter", () => {
  const { password } = passwordAt();
  const start = performance.now();
  assert(!password.check("a" + "\u0315\u0323".repeat(8_000), SOMEONE).isRight);
  assert(performance.now() - start < 50, `${performance.now() - start} ms`);
  const long = passwordAt("é".repeat(2_000)).password;
  assert(long.check("é".repeat(2_000), SOMEONE).isRight);
});
