import type { Donations } from "../../channel/donations.ts";
import { z } from "zod";
import { isForm, readFields } from "../request_body.ts";
import { viewerId } from "../identity.ts";
import { blankAsAbsent, readInput, refusedProblem } from "../input.ts";
import { seeOther } from "../relative_path.ts";
import type { Handlers } from "../route.ts";

const gift = z.object({
  amount: z.union([
    z.number(),
    z.literal("").transform(() => null),
    z.string().trim().regex(/^\d+([.,]\d{1,2})?$/, "an amount is a number such as 5 or 2.50")
      .transform((text) => Number(text.replace(",", "."))),
  ]).nullish(),
  message: z.string().transform(blankAsAbsent).optional(),
  name: z.string().transform(blankAsAbsent).optional(),
  // The sender's own name for the donation, by which a repetition is recognised.
  key: z.string().max(64).transform(blankAsAbsent).optional(),
});

/** `/donate`: takes a donation. A form is redirected to the page, which then thanks the donor. */
export function donateRoute(donations: Donations): Handlers {
  return {
    async POST(call) {
      const { request, capacityKey } = call;
      const given = donations.give({
        viewer: viewerId(call),
        capacityKey,
        ...readInput(gift, await readFields(request)),
      });
      if ("refused" in given) throw refusedProblem(given.refused);
      if (isForm(request)) return seeOther(call, "/?donated");
      const { donation } = given;
      return Response.json({ donated: true, donations: donations.count, donation });
    },
  };
}
