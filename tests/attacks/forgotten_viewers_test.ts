import assert from "node:assert/strict";
import { RawConnection } from "../fuzz/raw_connection.ts";
import { LiveClient } from "../support/live_client.ts";
import { startProgram } from "../support/program.ts";
import { requestOf } from "../support/raw_http.ts";
import { administer, newCookie } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** More viewers than the server remembers. */
const OTHERS = 10_400;
const CONNECTIONS = 4;

/** Visits as `count` viewers from as many addresses, through one proxy connection. */
async function comeAsOthers(port: number, count: number): Promise<void> {
  await using connection = await RawConnection.open(port);
  const encoder = new TextEncoder();
  for (let sent = 0; sent < count;) {
    for (const end = Math.min(count, sent + 200); sent < end; sent++) {
      await connection.write(
        encoder.encode(requestOf(
          "HEAD /snapshot HTTP/1.1",
          `Host: 127.0.0.1:${port}`,
          `Cookie: viewer=${crypto.randomUUID()}`,
          // Requests per address are rate-limited.
          `X-Forwarded-For: 10.0.${sent >> 8 & 255}.${sent & 255}`,
        )),
        true,
      );
    }
    assert.ok(await connection.until(sent, 5_000), `${connection.answers.length} of ${sent}`);
  }
}

Deno.test("ban ends an author's streams and pages, however many others came since", async () => {
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", "--trusted-proxy=127.0.0.1"],
  ]);
  const rude = newCookie();
  await using page = await LiveClient.open(program, rude);
  const { you: { author } } = await page.next("hello");
  await using stream = await StreamClient.open(`${program.origin}/stream`, { headers: rude });
  // It reports nothing and is not queried, so nothing refreshes the server's memory of it.
  await stream.next(1, 3_000);

  const share = OTHERS / CONNECTIONS;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, () => comeAsOthers(program.port, share)),
  );
  await administer(program, "chat/time-out", { author, seconds: 60 });
  assert.ok((await page.next("you")).you.mutedUntil! > Date.now());
  await administer(program, "chat/ban", { author });
  assert.equal((await page.next("kicked")).until, null);
  await page.closed;
  await until("the end of the stream", () => stream.isOver, Boolean, { timeout: 3_000 });
  const refused = await fetch(`${program.origin}/stream`, { headers: rude });
  await refused.body?.cancel();
  assert.equal(refused.status, 403);
});
