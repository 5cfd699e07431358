import { readChoices } from "../choices.ts";
import { isForm, readFields } from "../guard.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import { seeOther } from "../relative_path.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/settings`: returns and changes what this viewer chose. A form is redirected to the page. */
export function settingsRoute({ settings }: Services): Route {
  return {
    GET: (call) => Response.json(settings.get(viewerId(call) ?? "")),
    async POST(call) {
      const { request } = call;
      const patch = readChoices(await readFields(request));
      const headers = new Headers();
      const id = ensureViewerId(call, headers);
      const changed = settings.update(id, patch);
      if (!isForm(request)) return Response.json(changed, { headers });
      return seeOther(call, "/", headers);
    },
  };
}
