import { z } from "zod";
import type { Channel } from "../../channel/channel.ts";
import type { ViewerPassword } from "../../channel/viewer_password.ts";
// @ts-types="../std_http.d.ts"
import { accepts } from "@std/http/negotiation";
import { isForm, readFields } from "../request_body.ts";
import { guesserOf } from "../identity.ts";
import { readInput } from "../input.ts";
import { ownPath } from "../own_path.ts";
import { givePass, hasPass } from "../pass_cookie.ts";
import { HttpProblem } from "../problem.ts";
import { seeOther } from "../relative_path.ts";
import type { Handlers } from "../route.ts";
import { fillIn } from "../pages/template.ts";

const NOT_KEPT = { "cache-control": "no-store" };

const entry = z.object({ password: z.string(), to: z.string().default("/") });

/**
 * Answers `/login`, where viewers enter the password. It then sends them to the page that `to` names.
 * It is public, so it reveals only the channel's title.
 */
export function loginRoute(
  template: string,
  password: ViewerPassword,
  channel: Pick<Channel, "title">,
): Handlers {
  function page(status: number, to: string, problem: string, headers = {}): Response {
    const text = {
      title: channel.title,
      to,
      problem,
      "hidden.problem": problem ? "" : "hidden",
      invalid: String(problem !== ""),
    };
    return new Response(fillIn(template, { text, html: {} }), {
      status,
      headers: {
        ...headers,
        ...NOT_KEPT,
        "content-type": "text/html; charset=utf-8",
      },
    });
  }

  return {
    GET(call) {
      const to = target(call.url.searchParams.get("to"));
      return hasPass(call, password) ? seeOther(call, to, NOT_KEPT) : page(200, to, "");
    },
    async POST(call) {
      const { request } = call;
      const fields = readInput(entry, await readFields(request));
      const to = target(fields.to);
      const verdict = password.check(fields.password, guesserOf(call));
      if (verdict.isRight) {
        const response = isForm(request)
          ? seeOther(call, to, NOT_KEPT)
          : Response.json({ ok: true });
        givePass(call, response.headers, password);
        return response;
      }
      const { reason, triesLeft, retryAfter } = verdict;
      const status = retryAfter === undefined ? 403 : 429;
      const headers: Record<string, string> = retryAfter === undefined
        ? {}
        : { "retry-after": String(retryAfter) };
      const problem = `${reason}. ${whatNow(triesLeft, retryAfter)}`;
      if (accepts(request, "application/json", "text/html") !== "text/html") {
        throw new HttpProblem(status, problem, headers);
      }
      return page(status, to, problem, headers);
    },
  };
}

function target(to: string | null): string {
  const path = ownPath(to ?? "/") ?? "/";
  // Nobody wants to enter the password again.
  return path.split("?")[0] === "/login" ? "/" : path;
}

function whatNow(triesLeft: number, retryAfter: number | undefined): string {
  if (triesLeft > 0) return triesLeft === 1 ? "One try is left." : `${triesLeft} tries are left.`;
  if (retryAfter !== undefined && retryAfter < 60) return `Try again in ${retryAfter} seconds.`;
  const minutes = Math.ceil((retryAfter ?? 600) / 60);
  return `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
