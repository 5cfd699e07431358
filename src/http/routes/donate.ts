import { isForm, readFields } from "../guard.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/donate`: takes a donation. A form comes back to the page, which then says so. */
export function donateRoute({ donations }: Pick<Services, "donations">): Route {
  return {
    async POST({ request }) {
      await readFields(request);
      const count = donations.add();
      if (!isForm(request)) return Response.json({ donated: true, donations: count });
      return new Response(null, { status: 303, headers: { location: "/?donated" } });
    },
  };
}
