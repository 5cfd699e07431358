import { z } from "zod";
import { readInput } from "../input.ts";
import { ownPath } from "../own_path.ts";
import { giveLanguage, type Languages } from "../pages/languages.ts";
import { HttpProblem } from "../problem.ts";
import { seeOther } from "../relative_path.ts";
import { isForm, readFields } from "../request_body.ts";
import type { Handlers } from "../route.ts";

const choice = z.object({ language: z.string(), to: z.string().default("/") });

/** `/language`: keeps the language that a viewer chose in a cookie. A form is redirected to its page. */
export function languageRoute(languages: Languages): Handlers {
  return {
    async POST(call) {
      const { language, to } = readInput(choice, await readFields(call.request));
      const chosen = languages.named(language);
      if (!chosen) {
        const tags = languages.all.map(({ tag }) => tag).join(", ");
        const received = JSON.stringify(language.slice(0, 60));
        throw new HttpProblem(400, `Set language to one of ${tags}: ${received}`);
      }
      const response = isForm(call.request)
        ? seeOther(call, ownPath(to) ?? "/")
        : Response.json({ ok: true });
      giveLanguage(call, response.headers, chosen);
      return response;
    },
  };
}
