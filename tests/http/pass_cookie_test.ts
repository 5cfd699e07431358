import assert from "node:assert/strict";
import { ViewerPassword } from "../../src/channel/viewer_password.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { givePass, hasPass } from "../../src/http/pass_cookie.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const HTTP = new URL("http://10.0.0.5:8081/");
const HTTPS = new URL("https://10.0.0.5:8081/");

function passwordAt(password = "open sesame", kept = new Uint8Array(32).fill(7)) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const wall = () => clock.now;
  return {
    clock,
    password: new ViewerPassword({ password, kept, clock: { ...SYSTEM_CLOCK, wall } }),
  };
}

/** The cookie that a browser receives, with its attributes. */
function given(password: ViewerPassword, url = HTTP, basePath = "/"): string {
  const headers = new Headers();
  givePass({ url, basePath }, headers, password);
  return headers.get("set-cookie")!;
}

function call(cookie: string, url = HTTP, basePath = "/") {
  const headers = { cookie: cookie.split(";")[0]! };
  return { request: new Request(url, { headers }), url, basePath };
}

Deno.test("pass cookie is valid for thirty days", () => {
  const { clock, password } = passwordAt();
  const known = call(given(password));
  assert(hasPass(known, password));
  clock.now += 30 * DAY_MS - 1000;
  assert(hasPass(known, password));
  clock.now += 2000;
  assert(!hasPass(known, password));
});

Deno.test("pass cookie survives a restart, but not a new password or another store", () => {
  const known = call(given(passwordAt().password));
  assert(hasPass(known, passwordAt().password));
  assert(!hasPass(known, passwordAt("another one").password));
  const otherStore = new Uint8Array(32).fill(8);
  assert(!hasPass(known, passwordAt("open sesame", otherStore).password));
});

Deno.test("pass cookie is refused when it was changed or made up", () => {
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
    assert(!hasPass({ request, url: HTTP, basePath: "/" }, password), wrong);
  }
});

Deno.test("pass cookie is hidden from scripts and other sites, and HTTPS's from plain HTTP", () => {
  const { password } = passwordAt();
  assert.match(given(password), /^pass=[^;]+; HttpOnly; Max-Age=2592000; SameSite=Lax; Path=\/$/);
  const secure = given(password, HTTPS);
  assert.match(
    secure,
    /^__Host-pass=[^;]+; Secure; HttpOnly; Max-Age=2592000; SameSite=Lax; Path=\/$/,
  );
  assert(hasPass(call(secure, HTTPS), password));
  assert(!hasPass(call(given(password), HTTPS), password));
});

Deno.test("pass cookie is sent below the base path only", () => {
  const { password } = passwordAt();
  assert.match(given(password, HTTP, "/cam/"), /^pass=.*; Path=\/cam\/$/);
  const secure = given(password, HTTPS, "/cam/");
  // Browsers refuse a `__Host-` cookie with a path.
  assert.match(secure, /^__Secure-pass=.*; Secure; .*; Path=\/cam\/$/);
  assert(hasPass(call(secure, HTTPS, "/cam/"), password));
  assert(!hasPass(call(secure, HTTPS), password), "another site of the domain may have set it");
});
