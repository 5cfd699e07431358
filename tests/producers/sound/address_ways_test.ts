import assert from "node:assert/strict";
import { addressSounds } from "../../../src/producers/sound/address_ways.ts";

function waysOf(url: string, isRecorded = false): string[] {
  return addressSounds({ kind: "url", url }, isRecorded).map((args) => args.join(" "));
}

Deno.test("the sound of an RTSP camera comes by TCP, or else by UDP, without its pictures", () => {
  const [tcp, udp, ...others] = waysOf("rtsp://10.0.0.7/live");
  assert.match(
    tcp,
    /-protocol_whitelist rtsp,tcp .*-rtsp_transport tcp .*-allowed_media_types audio/,
  );
  assert.match(udp, /-protocol_whitelist rtsp,tcp,rtp,udp .*-rtsp_transport udp/);
  assert.deepEqual(others, []);
});

Deno.test("the sound of an encrypted RTSP camera never comes by UDP", () => {
  assert.equal(waysOf("rtsps://10.0.0.7/live").length, 1);
});

Deno.test("the sound of a recording on the web is played in real time", () => {
  const url = "https://example.com/clip.mp4";
  assert.match(waysOf(url, true)[0], / -re /);
  assert.doesNotMatch(waysOf(url)[0], / -re /);
  assert.doesNotMatch(waysOf("srt://10.0.0.7:9", true)[0], / -re /);
});

Deno.test("the sound of a web address is not read from where the server redirects to", () => {
  assert.match(waysOf("http://10.0.0.7/live")[0], /-max_redirects 0/);
});
