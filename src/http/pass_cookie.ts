import { PASS_SECONDS, type ViewerPassword } from "../channel/viewer_password.ts";
import { cookieName, cookiesOf, giveCookie } from "./cookies.ts";
import type { Call } from "./call.ts";

const NAME = "pass";

/** Whether the browser that sent a request has entered the password, by its cookie. */
export function hasPass(
  call: Pick<Call, "request" | "url" | "basePath">,
  password: Pick<ViewerPassword, "isPass">,
): boolean {
  return password.isPass(cookiesOf(call.request)[cookieName(NAME, call)] ?? "");
}

/** Sets the cookie that stands for the password, in the headers of a response. */
export function givePass(
  call: Pick<Call, "url" | "basePath">,
  headers: Headers,
  password: Pick<ViewerPassword, "issuePass">,
): void {
  giveCookie(call, headers, { name: NAME, value: password.issuePass(), maxAge: PASS_SECONDS });
}
