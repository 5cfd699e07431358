import { z } from "zod";
import type { Community } from "../../../channel/community.ts";
import type { Outcome, Refused } from "../../../channel/refusal.ts";
import { donationTable } from "../../donation_table.ts";
import { refusedProblem, refuseFor } from "../../input.ts";
import { pagedDownload } from "../../paged_download.ts";
import type { Handlers } from "../../route.ts";
import { action } from "./action.ts";

const author = z.object({ author: z.string().min(1).max(64) });
const goal = z.object({ amount: z.number() });

/** `/admin/donations/…` and `/admin/supporters/…`: what viewers gave. */
export function adminDonationRoutes(
  { donations, goal: donationGoal }: Community,
): Readonly<Record<string, Handlers>> {
  return {
    "/admin/donations/goal": action(goal, ({ amount }) => {
      refuseFor(done(donationGoal.set(amount)).reason);
    }),
    "/admin/donations.csv": {
      GET: () => pagedDownload(donationTable(donations), "text/csv", "donations.csv"),
    },
    "/admin/supporters/remove": action(author, ({ author }) => {
      return done(donations.removeSupporter(author));
    }),
  };
}

function done<T extends object>(outcome: Outcome<T>): Exclude<T, Refused> {
  if ("refused" in outcome) throw refusedProblem(outcome.refused);
  return outcome as Exclude<T, Refused>;
}
