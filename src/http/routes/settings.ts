import { readChoices } from "../choices.ts";
import { isForm, readFields } from "../request_body.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import { seeOther } from "../relative_path.ts";
import type { Handlers } from "../route.ts";
import type { ViewerChoices } from "../../consumers/session/choices.ts";

/** `/settings`: returns and changes what this viewer chose. A form is redirected to the page. */
export function settingsRoute(choices: ViewerChoices): Handlers {
  return {
    GET: (call) => Response.json(choices.get(viewerId(call) ?? "")),
    async POST(call) {
      const { request } = call;
      const patch = readChoices(await readFields(request));
      const headers = new Headers();
      const id = ensureViewerId(call, headers);
      const changed = choices.update(id, patch);
      if (!isForm(request)) return Response.json(changed, { headers });
      return seeOther(call, "/", headers);
    },
  };
}
