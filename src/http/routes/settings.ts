import { readChoices } from "../choices.ts";
import { isForm, readFields } from "../guard.ts";
import { ensureViewerId, viewerId } from "../identity.ts";
import { seeOther } from "../relative_path.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/settings`: what this viewer chose. A form comes back to the page. */
export function settingsRoute({ registry, settings, live }: Services): Route {
  return {
    GET: (call) => Response.json(settings.get(viewerId(call) ?? "")),
    async POST(call) {
      const { request } = call;
      const patch = readChoices(await readFields(request));
      const headers = new Headers();
      const id = ensureViewerId(call, headers);
      const changed = settings.update(id, patch);
      registry.refresh(id);
      live.toViewer(id, { type: "settings", settings: changed });
      if (!isForm(request)) return Response.json(changed, { headers });
      return seeOther(call, "/", headers);
    },
  };
}
