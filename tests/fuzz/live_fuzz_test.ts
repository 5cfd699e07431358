import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import * as fc from "fast-check";
import { isTooLong, readClientMessage } from "../../src/http/page_socket/client_message.ts";
import { Random } from "../support/random.ts";
import { concatenate } from "./bytes.ts";
import { FuzzedProgram, fuzzSeed, readable, some } from "./fuzzed_program.ts";
import { nextFrames, nextText } from "./live_messages.ts";
import { encodeFrame, RawWebSocket } from "./raw_web_socket.ts";
import { codePoint } from "../support/code_point.ts";

const MESSAGES = 10_000;
const WARM_UP = 2_000;
const AT_ONCE = 20;

/** Few enough on one connection that the rate limit ignores hardly any. */
const ON_ONE = 35;

/** Close codes that a server may send for invalid input (RFC 6455 section 7.4.1). */
const REASONS = [1000, 1002, 1003, 1005, 1007, 1008, 1009];

/** Messages that a page without a token may receive. */
const KINDS = [
  "hello",
  "state",
  "settings",
  "you",
  "chat",
  "refused",
  "older",
  "donation",
  "supporters",
  "error",
];

Deno.test("10,000 random messages break nothing, change nothing and disturb no one", async () => {
  const seed = fuzzSeed();
  await using program = await FuzzedProgram.start();
  const kinds = new Map<string, number>();
  const closings = new Map<number, number>();
  let sent = 0, sockets = 0;

  async function talk(random: Random): Promise<void> {
    const isForeign = random.chance(0.1);
    const headers = {
      "X-Forwarded-For": `10.2.${random.whole(0, 255)}.${random.whole(0, 255)}`,
      ...(random.chance(0.7) && { Cookie: `viewer=${uuid(random)}` }),
      ...(isForeign && { Origin: "https://evil.example" }),
    };
    await using socket = await RawWebSocket.open(program.port, headers);
    assert.equal(socket.status, isForeign ? 403 : 101);
    if (isForeign) return;
    sockets++;
    const messages = [];
    for (let i = random.whole(1, ON_ONE); i > 0 && !socket.isOver; i--) {
      const message = concatenate(...nextFrames(random).map(encodeFrame));
      messages.push(message);
      sent++;
      const isCut = random.chance(0.01);
      await socket.sendBytes(isCut ? message.subarray(0, message.length >> 1) : message);
      if (isCut) return;
      // Now and then lets the server read one message before the next arrives.
      if (random.chance(0.1)) await delay(1);
    }
    // Ends an unfinished message, or else requests an answer.
    await socket.send({ opcode: 9, payload: new Uint8Array() });
    const pongs = socket.pongs;
    const isAnswered = await socket.until(() => socket.pongs > pongs || socket.closeCode !== null);
    const { closeCode } = socket;
    if (closeCode !== null) closings.set(closeCode, (closings.get(closeCode) ?? 0) + 1);
    const types = socket.received.map((text) => JSON.parse(text).type);
    for (const type of types) kinds.set(type, (kinds.get(type) ?? 0) + 1);
    const text = messages.map((message) => readable(message)).join("\n");
    // The server may wait for the rest of a frame whose length is too large.
    const waits = messages.some(isLongerThanItIs);
    assert.ok(isAnswered || waits, `no answer after\n${text}`);
    // A client that closes receives its own close code.
    const saidGoodbye = messages.some(([first]) => (first & 15) === 8);
    assert.ok(
      closeCode === null || saidGoodbye || REASONS.includes(closeCode),
      `closed by ${closeCode} for\n${text}`,
    );
    assert.deepEqual(types.filter((type) => !KINDS.includes(type)), [], `after\n${text}`);
  }

  async function fuzz(count: number, salt: number): Promise<void> {
    const end = sent + count;
    await some(AT_ONCE, AT_ONCE, async (index) => {
      const random = new Random(seed ^ salt ^ index << 8);
      while (sent < end) await talk(random);
    });
  }

  try {
    await fuzz(WARM_UP, 1);
    await program.remember();
    sockets = 0;
    await fuzz(MESSAGES - WARM_UP, 2);
    await program.check({ sockets });
  } catch (error) {
    throw new Error(`FUZZ_SEED=${seed}; ${program.errors.slice(-3).join(" ")}`, { cause: error });
  }
  // These counts show that messages got past the first check.
  for (const kind of ["hello", "chat", "refused", "older", "error"]) {
    assert.ok((kinds.get(kind) ?? 0) > 0, `no ${kind} was sent (FUZZ_SEED=${seed})`);
  }
  for (const code of [1002, 1009]) {
    assert.ok((closings.get(code) ?? 0) > 0, `none was closed by ${code} (FUZZ_SEED=${seed})`);
  }
});

Deno.test("message parses as a known type or not at all", () => {
  const text = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.json({ maxDepth: 4 }),
    fc.integer().map((seed) => nextText(new Random(seed))),
  );
  const isText = (value: unknown) => typeof value === "string";
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isKey = (value: unknown) => isText(value) && /^[^]{1,64}$/.test(value as string);
  fc.assert(
    fc.property(text, (text) => {
      assert.equal(isTooLong(text), new TextEncoder().encode(text).length > 4096);
      const message = readClientMessage(text);
      if (message === null) return;
      assert.equal(Object.getPrototypeOf(message), Object.prototype);
      switch (message.type) {
        case "painted": {
          const { stream, sequence, ago, arrived } = message;
          assert.ok(isKey(stream) && isCount(sequence) && Number.isFinite(ago) && ago >= 0);
          if (arrived) assert.ok(isCount(arrived.sequence) && Number.isFinite(arrived.ago));
          return;
        }
        case "listen":
          return assert.equal(typeof message.on, "boolean");
        case "heard": {
          const { sequence, ago, buffered, gaps, offset } = message;
          assert.ok(isCount(sequence) && isCount(gaps));
          for (const time of [ago, buffered, offset ?? 0]) assert.ok(Number.isFinite(time));
          return;
        }
        case "chat":
          assert.ok(isKey(message.key) && isText(message.text));
          assert.ok(message.name === undefined || isText(message.name));
          return;
        case "older":
          return assert.ok(isCount(message.before) && message.before >= 1);
        default:
          assert.fail(`no such message: ${text}`);
      }
    }),
    { numRuns: 5_000 },
  );
});

function uuid(random: Random): string {
  const digits = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether the last frame's length exceeds its bytes, so that more may follow. */
function isLongerThanItIs(message: Uint8Array): boolean {
  return (message[1] & 0x7f) === 127 && message.length < 70_000;
}
