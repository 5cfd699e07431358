import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../support/random.ts";
import { latin1 } from "./bytes.ts";
import { FuzzedProgram, fuzzSeed, readable, some } from "./fuzzed_program.ts";
import { type FuzzRequest, nextRequest, UNWANTED } from "./http_requests.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import type { RawAnswer } from "../support/raw_http.ts";
import { RawConnection } from "./raw_connection.ts";

const REQUESTS = 10_000;
/** Requests before the baseline is recorded, so that caches are full and code is compiled. */
const WARM_UP = 2_000;
const AT_ONCE = 20;

/** Maximum time for a response; a server waiting for more of a request sends none. Milliseconds. */
const ANSWER_MS = 150;
/** The same after the client has ended its side. Milliseconds. */
const LAST_ANSWER_MS = 1_500;

/** Returns what is wrong with a response, if anything. */
function faultOf({ status, headers, body }: RawAnswer): string | null {
  if (!(status >= 101 && status <= 599)) return "no status";
  // Responses by the HTTP library itself have no body and none of our headers.
  const isOurs = headers.has("x-content-type-options");
  const isLibrarys = [400, 413, 414, 431].includes(status) && body === "";
  if (!isOurs && !isLibrarys) return "no security headers";
  if (headers.has("server")) return "tells what server it is";
  if (status < 500) return null;
  const isTold = status === 503 && (headers.has("retry-after") || body.includes('"live"'));
  return isTold ? null : "an error of the server's";
}

interface Exchange {
  /** How many requests were sent, whole or in part, before the server hung up. */
  readonly sent: number;
  readonly answers: readonly RawAnswer[];
}

/** Sends requests over one connection, in one of several ways. */
async function exchange(
  port: number,
  requests: readonly FuzzRequest[],
  random: Random,
): Promise<Exchange> {
  await using connection = await RawConnection.open(port);
  const { answers } = connection;
  const manner = random.next();
  let sent = 0;
  if (manner < 0.25) {
    // All at once, without waiting for responses.
    for (const { bytes, isHead } of requests) await connection.write(bytes, isHead);
    sent = requests.length;
    await connection.until(requests.length, ANSWER_MS);
  } else {
    for (const [i, { bytes, isHead }] of requests.entries()) {
      const at = manner < 0.5 ? random.whole(0, bytes.length) : bytes.length;
      await connection.write(bytes.subarray(0, at), isHead);
      sent++;
      // Half of a request, then nothing, or the rest a moment later.
      if (manner < 0.35) return { sent, answers };
      if (at < bytes.length) {
        await delay(random.whole(0, 10));
        await connection.writeMore(bytes.subarray(at));
      }
      if (!await connection.until(i + 1, ANSWER_MS)) break;
      if (connection.isOver) break;
    }
  }
  await connection.closeWrite();
  await connection.until(Infinity, answers.length > 0 ? 20 : LAST_ANSWER_MS);
  return { sent, answers };
}

/** Returns the smallest subset of requests that still fails, in readable form. */
async function shrunk(port: number, requests: readonly FuzzRequest[]): Promise<string> {
  const fails = async (bytes: Uint8Array<ArrayBuffer>) => {
    await using connection = await RawConnection.open(port);
    await connection.write(bytes, String.fromCharCode(...bytes.subarray(0, 5)) === "HEAD ");
    await connection.closeWrite();
    await connection.until(1, LAST_ANSWER_MS);
    return connection.answers.some((answer) => faultOf(answer));
  };
  for (const { bytes } of requests) {
    if (!await fails(bytes)) continue;
    let lines = String.fromCharCode(...bytes).split("\r\n");
    for (let i = lines.length - 1; i >= 0; i--) {
      const fewer = lines.toSpliced(i, 1);
      if (await fails(latin1(fewer.join("\r\n")))) lines = fewer;
    }
    return readable(latin1(lines.join("\r\n")));
  }
  return `not again, of ${requests.map(({ bytes }) => readable(bytes)).join("\n")}`;
}

Deno.test("10,000 random requests break nothing, change nothing and disturb no one", async () => {
  const seed = fuzzSeed();
  await using program = await FuzzedProgram.start();
  const target = { port: program.port, adminToken: ADMIN_TOKEN };
  const statuses = new Map<number, number>();
  let sent = 0;

  async function fuzz(count: number, salt: number): Promise<void> {
    const end = sent + count;
    await some(AT_ONCE, AT_ONCE, async (index) => {
      const random = new Random(seed ^ salt ^ index << 8);
      while (sent < end) {
        const length = random.whole(1, 6);
        const requests = Array.from({ length }, () => nextRequest(random, target));
        const exchanged = await exchange(program.port, requests, random);
        sent += exchanged.sent;
        // After a request with a wrong length, responses can no longer be matched to requests.
        const liar = requests.findIndex(({ isWhole }) => !isWhole);
        for (const [i, answer] of exchanged.answers.entries()) {
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (Number.isNaN(answer.status) && liar >= 0 && i >= liar) break;
          const fault = faultOf(answer);
          if (!fault) continue;
          const text = await shrunk(program.port, requests);
          assert.fail(`${fault}: ${answer.status} ${answer.body.slice(0, 300)}\n${text}`);
        }
      }
    });
  }

  try {
    await fuzz(WARM_UP, 1);
    await program.remember();
    await fuzz(REQUESTS - WARM_UP, 2);
    await program.check();
    for (const { name, text } of await program.chat()) {
      assert.ok(!`${name} ${text}`.includes(UNWANTED), "something was said that may not be");
    }
  } catch (error) {
    throw new Error(`FUZZ_SEED=${seed}; ${program.errors.slice(-3).join(" ")}`, { cause: error });
  }
  // This many kinds of response show that requests got past the first check.
  for (const status of [200, 303, 400, 401, 403, 404, 405, 421, 426, 431]) {
    assert.ok((statuses.get(status) ?? 0) > 0, `no ${status} was given (FUZZ_SEED=${seed})`);
  }
});
