import { z } from "zod";
// @ts-types="../std_http.d.ts"
import { accepts } from "@std/http/negotiation";
import { isForm, readFields } from "../guard.ts";
import { guesserOf } from "../identity.ts";
import { readInput } from "../input.ts";
import { ownPath } from "../own_path.ts";
import { HttpProblem } from "../problem.ts";
import { seeOther } from "../relative_path.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { fillIn } from "../template.ts";
import type { ViewerPassword } from "../viewer_password.ts";

const NOT_KEPT = { "cache-control": "no-store" };

const entry = z.object({ password: z.string(), to: z.string().default("/") });

/**
 * `/login`: where viewers enter the password; then they see the page they wanted, which `to` names.
 * Anyone may take it, so it tells nothing but the channel's title.
 */
export function loginRoute(
  services: Pick<Services, "title">,
  password: ViewerPassword,
  template: string,
): Route {
  function page(status: number, to: string, problem: string, headers = {}): Response {
    const text = {
      title: services.title,
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
      return password.knows(call) ? seeOther(call, to, NOT_KEPT) : page(200, to, "");
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
        password.remember(call, response.headers);
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
  // Nobody wants to enter the password once more.
  return path.split("?")[0] === "/login" ? "/" : path;
}

function whatNow(triesLeft: number, retryAfter: number | undefined): string {
  if (triesLeft > 0) return triesLeft === 1 ? "One try is left." : `${triesLeft} tries are left.`;
  if (retryAfter !== undefined && retryAfter < 60) return `Try again in ${retryAfter} seconds.`;
  const minutes = Math.ceil((retryAfter ?? 600) / 60);
  return `Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
