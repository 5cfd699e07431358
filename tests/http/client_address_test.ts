import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import { TrustedProxies } from "../../src/http/client_address.ts";
import { codePoint } from "../support/code_point.ts";

const proxies = new TrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8", "::ffff:192.0.2.1"]);

Deno.test("trusted proxies are those that were named, singly or as a range", () => {
  for (const address of ["127.0.0.1", "10.255.0.1", "fd12::1", "192.0.2.1"]) {
    assert(proxies.has(address), address);
  }
  for (const address of ["127.0.0.2", "11.0.0.1", "fe80::1", "::1", "192.0.2.2", "", "unknown"]) {
    assert(!proxies.has(address), address);
  }
});

Deno.test("trusted proxies are none if none were named", () => {
  const none = new TrustedProxies([]);
  for (const address of ["127.0.0.1", "::1", "0.0.0.0"]) assert(!none.has(address), address);
});

for (
  const [what, header, sender] of [
    ["the only address", "203.0.113.9", "203.0.113.9"],
    ["the last one, whatever a client wrote before it", "1.2.3.4, 203.0.113.9", "203.0.113.9"],
    ["the last one that is no proxy", "1.2.3.4, 203.0.113.9, 10.1.1.1,10.2.2.2", "203.0.113.9"],
    ["the first proxy, if there are only proxies", "10.1.1.1, 10.2.2.2", "10.1.1.1"],
    ["the proxy itself without the header", null, "127.0.0.1"],
    ["the proxy itself if the header is empty", "", "127.0.0.1"],
    ["the proxy itself if it does not know", "203.0.113.9, unknown", "127.0.0.1"],
    ["the last known proxy after an invalid entry", "203.0.113.9, <b>, 10.1.1.1", "10.1.1.1"],
    ["an address without its port", "203.0.113.9:4711", "203.0.113.9"],
    ["an IPv6 address", "2001:db8::0007", "2001:db8::7"],
    ["an IPv6 address without its brackets and port", "[2001:db8::7]:4711", "2001:db8::7"],
    ["an IPv4 address inside IPv6", "::ffff:203.0.113.9", "203.0.113.9"],
  ] as const
) {
  Deno.test(`the sender behind a trusted proxy is ${what}`, () => {
    assert.equal(proxies.senderBehind("127.0.0.1", header), sender);
  });
}

Deno.test("the sender behind a trusted proxy is the one that connected to it, not an invented one", () => {
  const entry = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant("10.0.0.1"));
  fc.assert(fc.property(fc.array(entry), fc.ipV4(), (madeUp, client) => {
    fc.pre(!proxies.has(client));
    const header = [...madeUp, client, "10.3.3.3"].join(", ");
    assert.equal(proxies.senderBehind("127.0.0.1", header), client);
  }));
});

Deno.test("the sender behind a trusted proxy is an address, whatever the header says", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), (header) => {
    assert.notEqual(isIP(proxies.senderBehind("127.0.0.1", header)), 0);
  }));
});
