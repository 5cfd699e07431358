import assert from "node:assert/strict";
import { Secret, TOKEN_REASONS } from "../../src/channel/secret.ts";
import { forStreamer, isFromStreamer } from "../../src/http/streamer.ts";

Deno.test("a request's token counts as one guess, however often it is checked", async () => {
  const streamerToken = new Secret({ secret: "right", reasons: TOKEN_REASONS });
  const guessKeys = { own: "192.0.2.1", shared: null };
  const call = (token: string) => {
    const request = new Request("http://a/", { headers: { authorization: `Bearer ${token}` } });
    const remote = { hostname: "192.0.2.1", port: 1 };
    const url = new URL(request.url);
    const sender = { guessKeys, capacityKey: "192.0.2.1", isForwarded: false };
    return { request, url, askedPath: url.pathname, basePath: "/", remote, ...sender };
  };
  const GET = forStreamer(() => new Response(), { streamerToken, viewerPassword: null });
  for (let i = 0; i < 4; i++) {
    const wrong = call("wrong");
    assert.equal(isFromStreamer(wrong, streamerToken), false);
    await assert.rejects(async () => await GET(wrong));
  }
  assert.equal(isFromStreamer(call("right"), streamerToken), true);
});
