import assert from "node:assert/strict";
import fc from "fast-check";
import { HostList, machineNames } from "../../src/http/host_list.ts";

const hosts = new HostList(["Cam.Example", "box"]);

for (
  const name of [
    "localhost",
    "livestream.localhost",
    "localhost.",
    "127.0.0.1",
    "192.168.1.20",
    "[::1]",
    "[fe80::1]",
    "cam.example",
    "cam.example.",
    "box",
  ]
) {
  Deno.test(`host list has ${name}`, () => assert(hosts.allows(name)));
}

for (
  const name of [
    "evil.example",
    "localhost.evil.example",
    "evillocalhost",
    "127.0.0.1.evil.example",
    "192.168.1.20.nip.io",
    "a.cam.example",
    "cam.example.evil.example",
    "cam.example..",
    "box.evil.example",
    "",
    ".",
  ]
) {
  Deno.test(`host list does not have "${name}"`, () => assert(!hosts.allows(name)));
}

Deno.test("host list has any address that a browser can ask for", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6().map((address) => `[${address}]`)), (host) => {
    assert(hosts.allows(new URL(`http://${host}:8081/`).hostname));
  }));
});

Deno.test("host list has no domain that was not named", () => {
  fc.assert(fc.property(fc.domain(), (domain) => {
    assert(!hosts.allows(new URL(`http://${domain}/`).hostname));
  }));
});

Deno.test("machine names are the system's host name, and that in .local", () => {
  const own = new HostList(machineNames());
  const [label] = Deno.hostname().toLowerCase().split(".");
  for (const name of [Deno.hostname().toLowerCase(), label, `${label}.local`]) {
    assert(own.allows(name), name);
  }
});

Deno.test("host list has the name by which the server is announced, as it is now", () => {
  let name: string | null = null;
  const list = new HostList([], () => name);
  assert.equal(list.allows("livestream.local"), false);
  name = "livestream.local";
  assert.ok(list.allows("livestream.local"));
  assert.ok(list.allows("livestream.local."));
  name = "livestream-2.local";
  assert.equal(list.allows("livestream.local"), false);
});
