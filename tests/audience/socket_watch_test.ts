import assert from "node:assert/strict";
import type { SocketStatistics } from "../../src/net/socket_statistics.ts";
import { socketKey } from "../../src/net/socket_statistics.ts";
import { type SocketUsers, SocketWatch } from "../../src/audience/socket_watch.ts";
import { findProgram } from "../support/find_program.ts";
import { recordingLog } from "../support/recording_log.ts";

const LINE = "0 1448 10.0.0.1:8080 10.0.0.2:43122 cubic rtt:3/1 bytes_acked:99 minrtt:2\n";

/** Someone who needs to know every so many milliseconds, and keeps what they are told. */
class Asker implements SocketUsers {
  pollEvery: number;
  readonly answers: ReadonlyMap<string, SocketStatistics>[] = [];
  asked = 0;

  constructor(pollEvery: number) {
    this.pollEvery = pollEvery;
  }

  beginPoll() {
    this.asked++;
    return (sockets: ReadonlyMap<string, SocketStatistics>) => void this.answers.push(sockets);
  }
}

/** Time that passes when it is told to: timers and the clock. */
class Clock implements Disposable {
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    now: performance.now,
    timeout: AbortSignal.timeout,
  };
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  #id = 0;
  /** As if the program had run for a while. */
  now = 5000;

  constructor() {
    const set = (run: () => void, delay = 0) => {
      this.#timers.set(++this.#id, { at: this.now + delay, run });
      return this.#id;
    };
    Object.assign(globalThis, {
      setTimeout: set,
      clearTimeout: (id?: number) => void this.#timers.delete(id ?? 0),
    });
    performance.now = () => this.now;
    AbortSignal.timeout = (delay) => {
      const controller = new AbortController();
      set(() => controller.abort(new DOMException("Signal timed out.", "TimeoutError")), delay);
      return controller.signal;
    };
  }

  /** Resolves so much later. */
  after(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Lets so many milliseconds pass, and whatever they set off. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    while (true) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const next = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at).at(0);
      if (!next) break;
      const [id, { at, run }] = next;
      this.#timers.delete(id);
      this.now = Math.max(this.now, at);
      run();
    }
    this.now = end;
  }

  get timers(): number {
    return this.#timers.size;
  }

  [Symbol.dispose](): void {
    const { now, timeout, ...timers } = this.#real;
    Object.assign(globalThis, timers);
    performance.now = now;
    AbortSignal.timeout = timeout;
  }
}

/** Fails as soon as it is told to stop, and never otherwise. */
function hang(signal: AbortSignal): Promise<string> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}

Deno.test("SocketWatch brings what ss prints to whoever asked, by the connection", async () => {
  using clock = new Clock();
  const users = new Asker(100), log = recordingLog();
  const ports: number[] = [];
  const watch = new SocketWatch({
    port: 8080,
    users,
    log,
    run: (port) => {
      ports.push(port);
      return Promise.resolve(LINE);
    },
  });
  watch.start();
  await clock.pass(1000);
  await watch.stop();
  assert.deepEqual([...users.answers[0]], [["10.0.0.2 43122", {
    queued: 1448,
    unsent: 0,
    acknowledged: 99,
    roundTrip: 3,
    shortestRoundTrip: 2,
  }]]);
  assert.equal(users.asked, users.answers.length);
  assert.ok(users.answers.length >= 9 && users.answers.length <= 11, `${users.answers.length}`);
  assert.ok(ports.every((port) => port === 8080));
  assert.deepEqual(log.lines, []);
});

Deno.test("SocketWatch does not ask while nobody needs to know, and asks soon when they do", async () => {
  using clock = new Clock();
  const users = new Asker(Infinity);
  const watch = new SocketWatch({
    port: 1,
    users,
    log: recordingLog(),
    run: () => Promise.resolve(""),
  });
  watch.start();
  await clock.pass(10_000);
  assert.equal(users.asked, 0);
  users.pollEvery = 100;
  await clock.pass(100);
  assert.ok(users.asked >= 1);
  await watch.stop();
});

Deno.test("SocketWatch never asks again before it was answered", async () => {
  using clock = new Clock();
  const users = new Asker(10);
  let running = 0, most = 0;
  const watch = new SocketWatch({
    port: 1,
    users,
    log: recordingLog(),
    async run() {
      most = Math.max(most, ++running);
      await clock.after(700);
      running--;
      return LINE;
    },
  });
  watch.start();
  await clock.pass(60_000);
  assert.equal(most, 1);
  assert.ok(users.answers.length > 1);
  await watch.stop();
});

// 3 % of a core: a run of ss has been measured to take 3 ms of it, and 8 ms more for 400 viewers.
for (const [viewers, fewest, most] of [[1, 8, 10], [400, 2.3, 2.9], [2000, 0.6, 0.71]] as const) {
  Deno.test(`SocketWatch asks for ${viewers} viewers ${most} times a second at most`, async () => {
    using clock = new Clock();
    const users = new Asker(10);
    const lines = Array.from({ length: viewers }, (_, i) => LINE.replace("43122", `${i + 1}`));
    const run = () => Promise.resolve(lines.join(""));
    const watch = new SocketWatch({ port: 1, users, log: recordingLog(), run });
    watch.start();
    await clock.pass(2000);
    const before = users.asked;
    await clock.pass(60_000);
    const rate = (users.asked - before) / 60;
    assert.ok(rate >= fewest && rate <= most, `${rate}`);
    await watch.stop();
  });
}

Deno.test("SocketWatch stops at once, though an answer is due", async () => {
  using clock = new Clock();
  const users = new Asker(100), log = recordingLog();
  const watch = new SocketWatch({ port: 1, users, log, run: (_, signal) => hang(signal) });
  watch.start();
  await clock.pass(60);
  assert.equal(users.asked, 1);
  await watch.stop();
  assert.deepEqual(users.answers, []);
  assert.deepEqual(log.lines, []);
  await clock.pass(10_000);
  assert.equal(users.asked, 1);
});

Deno.test("SocketWatch brings no answer to those who have gone", async () => {
  using clock = new Clock();
  const users = new Asker(100);
  let answer = (_: string) => {};
  const run = () => new Promise<string>((resolve) => answer = resolve);
  const watch = new SocketWatch({ port: 1, users, log: recordingLog(), run });
  watch.start();
  await clock.pass(60);
  const stopped = watch.stop();
  answer(LINE);
  await stopped;
  assert.deepEqual(users.answers, []);
});

for (
  const [what, fails] of [
    ["is missing", () => Promise.reject(new Deno.errors.NotFound("No such file: ss"))],
    ["is refused", () => Promise.reject(new Deno.errors.NotCapable("Requires run access to ss"))],
  ] satisfies [string, () => Promise<string>][]
) {
  Deno.test(`SocketWatch ends quietly when ss ${what}`, async () => {
    using clock = new Clock();
    const users = new Asker(100), log = recordingLog();
    const watch = new SocketWatch({ port: 1, users, log, run: fails });
    watch.start();
    await clock.pass(60_000);
    assert.equal(users.asked, 1);
    assert.equal(log.lines.length, 1);
    assert.match(log.lines[0], /^debug: Socket statistics disabled: \S/);
    await watch.stop();
  });
}

for (
  const [what, fails] of [
    ["fails", () => Promise.reject(new Error("Cannot open netlink socket"))],
    ["hangs", (_, signal) => hang(signal)],
  ] satisfies [string, (port: number, signal: AbortSignal) => Promise<string>][]
) {
  Deno.test(`SocketWatch tries again after a while when ss ${what}`, async () => {
    using clock = new Clock();
    const users = new Asker(100), log = recordingLog();
    let isMended = false;
    const run = (port: number, signal: AbortSignal) =>
      isMended ? Promise.resolve(LINE) : fails(port, signal);
    const watch = new SocketWatch({ port: 1, users, log, run });
    watch.start();
    await clock.pass(20_000);
    assert.equal(users.asked, 1);
    assert.match(log.lines[0], /^debug: Socket statistics paused: \S/);
    isMended = true;
    await clock.pass(20_000);
    assert.ok(users.answers.length > 10);
    assert.equal(log.lines.length, 1);
    await watch.stop();
  });
}

Deno.test({
  name: "SocketWatch finds a real connection by a real ss",
  ignore: findProgram("ss") === null,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const accepted = listener.accept();
    using _client = await Deno.connect({ hostname: "127.0.0.1", port });
    using server = await accepted;
    await server.write(new Uint8Array(1000));
    const key = socketKey(server.remoteAddr), log = recordingLog();
    const told = Promise.withResolvers<SocketStatistics | undefined>();
    const users: SocketUsers = {
      pollEvery: 10,
      beginPoll: () => (sockets) => {
        const socket = sockets.get(key);
        if (socket?.acknowledged) told.resolve(socket);
      },
    };
    const watch = new SocketWatch({ port, users, log });
    watch.start();
    const socket = await told.promise;
    await watch.stop();
    assert.ok(socket!.acknowledged! >= 1000);
    assert.deepEqual(log.lines, []);
  },
});
