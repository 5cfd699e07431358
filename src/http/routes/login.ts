import { z } from "zod";
import type { Channel } from "../../channel/channel.ts";
import { explain } from "../../channel/explanation.ts";
import type { Verdict } from "../../channel/secret.ts";
import type { ViewerPassword } from "../../channel/viewer_password.ts";
// @ts-types="../std_http.d.ts"
import { accepts } from "@std/http/negotiation";
import { isForm, readFields } from "../request_body.ts";
import { guesserOf } from "../identity.ts";
import { readInput } from "../input.ts";
import { ownPath } from "../own_path.ts";
import { htmlHeaders } from "../pages/html_headers.ts";
import type { LocalizedPage } from "../pages/page_template.ts";
import type { Language } from "../pages/page_texts.ts";
import { givePass, hasPass } from "../pass_cookie.ts";
import { HttpProblem } from "../problem.ts";
import { seeOther } from "../relative_path.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../route.ts";
import { fillIn } from "../pages/template.ts";

const NOT_KEPT = { "cache-control": "no-store" };

type Wrong = Extract<Verdict, { readonly isRight: false }>;

/** What the page shows after an attempt; nothing before the first. */
interface Outcome {
  readonly status?: number;
  readonly verdict?: Wrong;
  readonly headers?: Readonly<Record<string, string>>;
}

const entry = z.object({ password: z.string(), to: z.string().default("/") });

/**
 * Answers `/login`, where viewers enter the password. It then sends them to the page that `to` names.
 * It is public, so it reveals only the channel's title.
 */
export function loginRoute(
  { template, languages }: LocalizedPage,
  password: ViewerPassword,
  channel: Pick<Channel, "title">,
): Handlers {
  function page(
    call: Call,
    to: string,
    { status = 200, verdict, headers = {} }: Outcome,
  ): Response {
    const language = languages.of(call.request);
    const text = {
      title: channel.title,
      to,
      here: `/login?${new URLSearchParams({ to })}`,
      problem: verdict ? problemText(verdict, language) : "",
      "hidden.problem": verdict ? "" : "hidden",
      invalid: String(verdict !== undefined),
    };
    return new Response(fillIn(template(language), { text, html: {} }), {
      status,
      headers: { ...headers, ...htmlHeaders(language) },
    });
  }

  return {
    GET(call) {
      const to = target(call.url.searchParams.get("to"));
      return hasPass(call, password) ? seeOther(call, to, NOT_KEPT) : page(call, to, {});
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
      const { retryAfter } = verdict;
      const status = retryAfter === undefined ? 403 : 429;
      const headers: Record<string, string> = retryAfter === undefined
        ? {}
        : { "retry-after": String(retryAfter) };
      if (accepts(request, "application/json", "text/html") !== "text/html") {
        const [english] = languages.all;
        throw new HttpProblem(status, problemText(verdict, english), headers);
      }
      return page(call, to, { status, verdict, headers });
    },
  };
}

function target(to: string | null): string {
  const path = ownPath(to ?? "/") ?? "/";
  // Nobody wants to enter the password again.
  return path.split("?")[0] === "/login" ? "/" : path;
}

function problemText({ code, triesLeft, retryAfter }: Wrong, language: Language): string {
  const reason = language.refusal(explain(code));
  return language.text("login.problem", { reason, next: whatNow(triesLeft, retryAfter, language) });
}

function whatNow(triesLeft: number, retryAfter: number | undefined, language: Language): string {
  if (triesLeft > 0) return language.text("login.tries-left", { count: triesLeft });
  if (retryAfter !== undefined && retryAfter < 60) {
    return language.text("login.again-in-seconds", { count: retryAfter });
  }
  return language.text("login.again-in-minutes", { count: Math.ceil((retryAfter ?? 600) / 60) });
}
