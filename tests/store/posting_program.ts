/**
 * Posts and donates as fast as it can, to be killed in the middle: `deno run posting_program.ts
 * FILE ROUND`. Writes a line for each that was confirmed: its kind, key and id.
 */
import { createCommunity } from "../../src/channel/community.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { recordingLog } from "../support/recording_log.ts";

const [path, round] = Deno.args;
let monotonic = 0;
const { chat, donations } = createCommunity({
  store: openStore(path),
  log: recordingLog(),
  // Nobody has to wait.
  clock: { ...SYSTEM_CLOCK, monotonic: () => monotonic += 60_000 },
});
const encoder = new TextEncoder();
const confirm = (...words: readonly (string | number)[]) =>
  Deno.stdout.writeSync(encoder.encode(words.join(" ") + "\n"));

for (let i = 0;; i++) {
  const key = `${round}-${i}`;
  const posted = chat.post({ viewer: "ann", key, text: `text of ${key}`, name: "Ann" });
  if ("refused" in posted) throw new Error(posted.refused.reason);
  confirm("message", key, posted.message.id);
  if (i % 5) continue;
  const given = donations.give({ viewer: "ann", key, amount: 1 });
  if ("refused" in given) throw new Error(given.refused.reason);
  confirm("donation", key, given.donation.id);
}
