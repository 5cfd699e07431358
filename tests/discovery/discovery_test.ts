import assert from "node:assert/strict";
import { Discovery, type DiscoveryWorker } from "../../src/discovery/discovery.ts";
import type { DiscoveryReport, DiscoveryRequest } from "../../src/discovery/worker.ts";
import { recordingLog } from "../support/recording_log.ts";

class FakeWorker implements DiscoveryWorker {
  readonly asked: DiscoveryRequest[] = [];
  isTerminated = false;
  onmessage: Worker["onmessage"] = null;
  onerror: Worker["onerror"] = null;

  postMessage(request: DiscoveryRequest): void {
    this.asked.push(request);
    if (request.type === "close") queueMicrotask(() => this.report({ type: "closed" }));
  }

  report(data: DiscoveryReport): void {
    this.onmessage!.call(this as unknown as Worker, new MessageEvent("message", { data }));
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

/** Lets a test look for other networks, instead of a timer. */
class Looks implements Disposable {
  readonly #setInterval = globalThis.setInterval;
  #look = () => {};

  constructor() {
    const setInterval = (look: () => void) => {
      this.#look = look;
      return 0;
    };
    Object.assign(globalThis, { setInterval });
  }

  take(times: number): void {
    for (let i = 0; i < times; i++) this.#look();
  }

  [Symbol.dispose](): void {
    globalThis.setInterval = this.#setInterval;
  }
}

const SERVICE = { title: "Party", port: 8081, isSecure: false, path: "/cam/" };
const interfaces = () => [
  { name: "eth0", family: "IPv4", address: "10.0.0.1", cidr: "10.0.0.1/24" } as const,
];

Deno.test("discovery announces, knows its name, and takes everything back at the end", async () => {
  const worker = new FakeWorker();
  const log = recordingLog();
  {
    await using discovery = new Discovery({ host: "0.0.0.0", log, worker, interfaces });
    assert.equal(discovery.url, null);
    discovery.announce(SERVICE);
    worker.report({ type: "host", host: "livestream-2.local" });
    assert.equal(discovery.host, "livestream-2.local");
    assert.equal(discovery.url, "http://livestream-2.local:8081/cam/");
    worker.report({ type: "host", host: null });
    assert.equal(discovery.url, null);
  }
  assert.deepEqual(worker.asked, [
    { type: "announce", service: SERVICE },
    { type: "move", networks: [{ cidr: "10.0.0.1/24", addresses: ["10.0.0.1"] }] },
    { type: "close" },
  ]);
  assert.ok(worker.isTerminated);
});

Deno.test("discovery reports once why it does not work", async () => {
  const worker = new FakeWorker();
  const log = recordingLog();
  await using discovery = new Discovery({ host: "0.0.0.0", log, worker, interfaces });
  discovery.announce(SERVICE);
  worker.report({ type: "problem", reason: "Address already in use (os error 98)" });
  worker.report({ type: "problem", reason: "Address already in use (os error 98)" });
  assert.deepEqual(log.lines, [
    "warn: Not announced on the network: Address already in use (os error 98) (--no-mdns turns this off)",
  ]);
});

Deno.test("discovery tries again after a minute, then two, to join a network, and says so once", async () => {
  using looks = new Looks();
  const worker = new FakeWorker();
  const log = recordingLog();
  await using discovery = new Discovery({ host: "0.0.0.0", log, worker, interfaces });
  const moves = () => worker.asked.filter(({ type }) => type === "move").length;
  const fail = () => worker.report({ type: "problem", reason: "No such device (os error 19)" });
  discovery.announce(SERVICE);
  fail();
  // Another network failed too.
  fail();
  looks.take(11);
  assert.equal(moves(), 1);
  looks.take(1);
  assert.equal(moves(), 2);
  fail();
  looks.take(23);
  assert.equal(moves(), 2);
  looks.take(1);
  assert.equal(moves(), 3);
  assert.equal(log.lines.length, 1);
  // This time it worked.
  looks.take(1000);
  assert.equal(moves(), 3);
});

Deno.test("discovery tries again at least once an hour, and sooner in other networks", async () => {
  using looks = new Looks();
  const worker = new FakeWorker();
  let address = "10.0.0.1";
  const here = () => interfaces().map((one) => ({ ...one, address, cidr: `${address}/24` }));
  const log = recordingLog();
  await using discovery = new Discovery({ host: "0.0.0.0", log, worker, interfaces: here });
  const moves = () => worker.asked.filter(({ type }) => type === "move").length;
  const fail = () => worker.report({ type: "problem", reason: "No such device (os error 19)" });
  discovery.announce(SERVICE);
  for (let i = 1; i <= 20; i++) {
    assert.equal(moves(), i);
    fail();
    looks.take(720);
  }
  address = "10.0.0.2";
  looks.take(1);
  fail();
  const before = moves();
  looks.take(12);
  assert.equal(moves(), before + 1);
});
