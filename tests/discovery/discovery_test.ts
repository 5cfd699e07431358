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
