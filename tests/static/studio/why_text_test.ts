import "../../support/page_texts.ts";
import assert from "node:assert/strict";
import { whyText } from "../../../static/js/studio/why_text.js";

Deno.test("studio shows why a viewer gets a quality", () => {
  assert.deepEqual((["chosen", "link", "reader"] as const).map((why) => whyText({ why })), [
    "viewer's choice",
    "slow connection",
    "fewer frames for the device",
  ]);
});
