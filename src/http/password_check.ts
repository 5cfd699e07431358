import { Buffer } from "node:buffer";
import type { Channel } from "../channel/channel.ts";
import { explain } from "../channel/explanation.ts";
import type { Explanation } from "../live_messages.ts";
import type { ViewerPassword } from "../channel/viewer_password.ts";
import { guesserOf } from "./identity.ts";
import { hasPass } from "./pass_cookie.ts";
import { HttpProblem } from "./problem.ts";
import { seeOther } from "./relative_path.ts";
import type { Call } from "./call.ts";
import type { Check } from "./route.ts";
import { decodeText } from "./text_encoding.ts";

/**
 * Makes viewers' routes need the password: entered in this browser before, or sent as
 * `Authorization: Basic` with any user name.
 */
export function passwordCheck(password: ViewerPassword, channel: Pick<Channel, "title">): Check {
  return (call, { access }) => {
    const { request } = call;
    if (access !== "viewer" || hasPass(call, password)) return null;
    const given = passwordIn(request.headers.get("authorization"));
    if (given === null) {
      if (wantsPage(request)) return toLogin(call);
      throw unauthorized("Enter the password on the page, or send it as Authorization: Basic");
    }
    const verdict = password.check(given, guesserOf(call));
    if (verdict.isRight) return null;
    const { code, retryAfter } = verdict;
    if (retryAfter === undefined) throw unauthorized(explain(code));
    throw new HttpProblem(429, explain(code), { "retry-after": `${retryAfter}` });

    function unauthorized(detail: string | Explanation): HttpProblem {
      return new HttpProblem(401, detail, isFromPage(request) ? {} : challenge(channel.title));
    }
  };
}

/**
 * Returns the password of Basic credentials (RFC 7617 section 2); `null` without them. Many programs
 * send ISO-8859-1, since RFC 2617 named no encoding, although the challenge asks for UTF-8.
 */
function passwordIn(authorization: string | null): string | null {
  const [, credentials] = /^Basic +([\w+/-]+={0,2})$/i.exec(authorization ?? "") ?? [];
  if (credentials === undefined) return null;
  const bytes = Buffer.from(credentials, "base64");
  const colon = bytes.indexOf(":");
  return colon < 0 ? null : decodeText(bytes.subarray(colon + 1));
}

/** Returns the header that asks a program for the password (RFC 7617). */
function challenge(title: string): Record<string, string> {
  // Not every client understands the escapes that quotes and backslashes would need.
  const realm = title.replace(/[^ -~]|["\\]/g, "").trim() || "Livestream";
  return { "www-authenticate": `Basic realm="${realm}", charset="UTF-8"` };
}

/** Whether a person opens an address in a browser. */
function wantsPage({ method, headers }: Request): boolean {
  return (method === "GET" || method === "HEAD") &&
    /\btext\/html\b/.test(headers.get("accept") ?? "");
}

/**
 * Whether a page sent the request. It then sends people to the login page itself, while a challenge
 * would make the browser open its own dialog.
 */
function isFromPage({ headers }: Request): boolean {
  return ["origin", "referer", "sec-fetch-site"].some((name) => headers.has(name));
}

function toLogin(call: Call): Response {
  const to = call.url.pathname + call.url.search;
  const login = to === "/" ? "/login" : `/login?${new URLSearchParams({ to })}`;
  return seeOther(call, login, { "cache-control": "no-store" });
}
