import type { Full } from "../audience/seats.ts";
import { type ErrorCode, explain } from "../channel/explanation.ts";
import { HttpProblem } from "./problem.ts";

/** Both with 503: 429 is for clients that ask too often (RFC 6585 section 4), and none did. */
const REASONS: Readonly<Record<Full, ErrorCode>> = {
  "full": "full",
  "address full": "address-full",
};

/** Returns the problem of a client for which there is no seat. */
export function seatRefusal(full: Full): HttpProblem {
  return new HttpProblem(503, explain(REASONS[full]), { "retry-after": "10" });
}
