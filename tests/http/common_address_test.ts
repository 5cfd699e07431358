import assert from "node:assert/strict";
import fc from "fast-check";
import { rewriteCommonAddress } from "../../src/http/common_address.ts";

function rewritten(address: string): string {
  const url = new URL(address, "http://box.local:8081");
  rewriteCommonAddress(url);
  return url.pathname + url.search;
}

Deno.test("addresses of mjpg-streamer and µStreamer lead to ours", () => {
  for (
    const [address, path] of [
      ["/?action=stream", "/stream"],
      ["/?action=stream?nonce=1", "/stream?nonce=1"],
      ["/?action=snapshot?123", "/snapshot?123="],
      ["/?action=snapshot&n=1", "/snapshot?n=1"],
      ["/?n=1&action=snapshot", "/snapshot?n=1"],
      ["/?action=stream_0", "/stream"],
      ["/?action=snapshot_12", "/snapshot"],
      ["/?action=stream?quality=low&fps=5", "/stream?quality=low&fps=5"],
      ["/stream/", "/stream"],
      ["/snapshot/?t=1", "/snapshot?t=1"],
      ["/snapshot.jpg/", "/snapshot.jpg"],
      ["/state/", "/state"],
      ["/stream?fps=5?t=1", "/stream?fps=5&t=1"],
      ["/webcam/?action=stream", "/stream"],
      ["/webcam?action=stream", "/stream"],
      ["/webcam3/?action=snapshot", "/snapshot"],
      ["/webcam/stream", "/stream"],
      ["/webcam2/snapshot.jpg", "/snapshot.jpg"],
      ["/any/folder/?action=stream", "/stream"],
    ]
  ) {
    assert.equal(rewritten(address), path, address);
  }
});

Deno.test("all other addresses stay as they are", () => {
  for (
    const address of [
      "/",
      "/?donated",
      "/?action=none",
      "/?action=",
      "/?action=streaming",
      "/?action=stream_",
      "/?action=command&id=1",
      "/embed?action=stream",
      "/studio",
      "/webcam/",
      "/webcam/studio",
      "/cam/stream",
      "/streams",
      "/stream//",
      "/admin/state",
      "/login?to=%2F%3Faction%3Dstream",
    ]
  ) {
    assert.equal(rewritten(address), address);
  }
});

Deno.test("rewriting twice changes nothing more, and keeps every other parameter", () => {
  const names = fc.stringMatching(/^[a-z]{1,8}$/).filter((name) => name !== "action");
  fc.assert(
    fc.property(fc.dictionary(names, fc.stringMatching(/^[a-z0-9&=+ ü]{0,9}$/)), (parameters) => {
      const query = new URLSearchParams({ action: "stream", ...parameters });
      const once = rewritten(`/webcam/?${query}`);
      assert.equal(rewritten(once), once);
      const { searchParams } = new URL(once, "http://box.local");
      assert.deepEqual(Object.fromEntries(searchParams), { ...parameters });
    }),
  );
});
