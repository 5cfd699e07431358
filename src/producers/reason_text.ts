import en from "../../static/texts/en.json" with { type: "json" };
import type { SourceReason } from "../live_messages.ts";

/** Returns why there is no picture, for viewers: the English text of the pages. */
export function reasonText(reason: SourceReason): string {
  return en[`watch.reason.${reason}`];
}
