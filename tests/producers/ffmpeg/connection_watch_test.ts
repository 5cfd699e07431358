import assert from "node:assert/strict";
import { ConnectionWatch } from "../../../src/producers/ffmpeg/connection_watch.ts";

/** Whether a source that was reached at the first address is led astray to the others, in order. */
function straying(first: string, ...others: string[]): boolean[] {
  const watch = new ConnectionWatch();
  const to = (address: string) => {
    const isAstray = watch.isAstray(
      `[tcp @ 0x55d1] Starting connection attempt to ${address} port 80`,
    );
    watch.isAstray(`[tcp @ 0x55d1] Successfully connected to ${address} port 80`);
    return isAstray;
  };
  assert.equal(to(first), false);
  return others.map(to);
}

Deno.test("ffmpeg may go back to the address that the source was reached at", () => {
  assert.deepEqual(straying("192.168.1.7", "192.168.1.7"), [false]);
  assert.deepEqual(straying("127.0.0.1", "127.0.0.1"), [false]);
  assert.deepEqual(straying("2a00:1450::1", "2a00:1450::1"), [false]);
});

Deno.test("ffmpeg goes astray from one host of a network to another", () => {
  for (const other of ["192.168.1.1", "127.0.0.1", "::1", "93.184.216.34", "169.254.169.254"]) {
    assert.deepEqual(straying("192.168.1.7", other), [true], other);
  }
});

Deno.test("ffmpeg may go from a host of the Internet to others there, and to no inside address", () => {
  assert.deepEqual(straying("93.184.216.34", "8.8.8.8", "2a00:1450::1"), [false, false]);
  for (
    const inside of [
      ...["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"],
      ...["0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0"],
      ...["fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1"],
      ...["ff02::1", "anything"],
    ]
  ) assert.deepEqual(straying("93.184.216.34", inside), [true], inside);
});

Deno.test("all addresses of a name may be tried before the first connection", () => {
  const watch = new ConnectionWatch();
  for (const address of ["fd00::7", "192.168.1.7"]) {
    assert.equal(
      watch.isAstray(`[tcp @ 0x1] Starting connection attempt to ${address} port 1`),
      false,
    );
  }
  watch.isAstray("[tcp @ 0x1] Successfully connected to 192.168.1.7 port 1");
  assert.equal(watch.isAstray("[tcp @ 0x2] Starting connection attempt to fd00::7 port 1"), false);
  assert.equal(watch.isAstray("[tcp @ 0x2] Starting connection attempt to fd00::8 port 1"), true);
});

Deno.test("other lines say nothing of connections", () => {
  const watch = new ConnectionWatch();
  watch.isAstray("[tcp @ 0x1] Starting connection attempt to 10.0.0.7 port 1");
  watch.isAstray("[tcp @ 0x1] Successfully connected to 10.0.0.7 port 1");
  assert.equal(watch.isAstray("Starting connection attempt to 10.0.0.8 port 1, or not"), false);
});
