import { Buffer } from "node:buffer";
import { guesserOf } from "./identity.ts";
import { HttpProblem } from "./problem.ts";
import { seeOther } from "./relative_path.ts";
import type { Call, Check } from "./router.ts";
import type { Services } from "./services.ts";
import { STREAMER_FOLDER } from "./streamer.ts";
import { decodeText } from "./text_encoding.ts";
import type { ViewerPassword } from "./viewer_password.ts";

/**
 * What is open to everyone: where the password is entered, what takes the streamer's token
 * itself, and what a monitor asks, which tells no more than whether pictures come.
 */
const OPEN_PATHS = ["/login", "/studio", "/metrics", "/healthz"];

/**
 * Lets pass who has entered the password, or sends it as `Authorization: Basic`, by any name.
 *
 * @param isFile Whether a path is that of a file, which are the same in every copy of the program.
 */
export function passwordCheck(
  services: Pick<Services, "title">,
  password: ViewerPassword,
  isFile: (path: string) => boolean,
): Check {
  const isOpen = (path: string) =>
    OPEN_PATHS.includes(path) || path.startsWith(STREAMER_FOLDER) || isFile(path);

  return (call) => {
    const { request, url } = call;
    if (isOpen(url.pathname) || password.knows(call)) return null;
    const given = passwordIn(request.headers.get("authorization"));
    if (given === null) {
      if (wantsPage(request)) return toLogin(call);
      throw unauthorized("Enter the password on the page, or send it as Authorization: Basic");
    }
    const verdict = password.check(given, guesserOf(call));
    if (verdict.isRight) return null;
    const { reason, retryAfter } = verdict;
    if (retryAfter === undefined) throw unauthorized(reason);
    throw new HttpProblem(429, `${reason}: try again later`, { "retry-after": `${retryAfter}` });

    function unauthorized(detail: string): HttpProblem {
      return new HttpProblem(401, detail, isFromPage(request) ? {} : challenge(services.title));
    }
  };
}

/**
 * The password of Basic credentials (RFC 7617 section 2); `null` without such. Many programs send
 * ISO-8859-1, as RFC 2617 left it open, although the challenge asks for UTF-8.
 */
function passwordIn(authorization: string | null): string | null {
  const [, credentials] = /^Basic +([\w+/-]+={0,2})$/i.exec(authorization ?? "") ?? [];
  if (credentials === undefined) return null;
  const bytes = Buffer.from(credentials, "base64");
  const colon = bytes.indexOf(":");
  return colon < 0 ? null : decodeText(bytes.subarray(colon + 1));
}

/** Asks a program for the password (RFC 7617). */
function challenge(title: string): Record<string, string> {
  // Quotes and backslashes would need escapes that not every client reads.
  const realm = title.replace(/[^ -~]|["\\]/g, "").trim() || "Livestream";
  return { "www-authenticate": `Basic realm="${realm}", charset="UTF-8"` };
}

/** Whether a person opens an address in a browser. */
function wantsPage({ method, headers }: Request): boolean {
  return (method === "GET" || method === "HEAD") &&
    /\btext\/html\b/.test(headers.get("accept") ?? "");
}

/**
 * Whether a page asks, which then sends people to where the password is entered: a challenge would
 * make browsers open a dialog of their own instead.
 */
function isFromPage({ headers }: Request): boolean {
  return ["origin", "referer", "sec-fetch-site"].some((name) => headers.has(name));
}

function toLogin(call: Call): Response {
  const to = call.url.pathname + call.url.search;
  const login = to === "/" ? "/login" : `/login?${new URLSearchParams({ to })}`;
  return seeOther(call, login, { "cache-control": "no-store" });
}
