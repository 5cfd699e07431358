import assert from "node:assert/strict";
import { testsAtOnce } from "../../../support/at_once.ts";
import { pictureSize } from "../../../../src/media/jpeg/size.ts";
import { cached } from "../../../support/cache.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { ffmpeg } from "../../../support/ffmpeg.ts";
import { RtspCamera } from "../../../support/rtsp_camera.ts";

const test = testsAtOnce("cameras of RTSP", 2);

/** Some seconds of H.264. */
function clip(): Promise<string> {
  return cached("rtsp.h264", async (path) => {
    const encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"];
    await ffmpeg(
      ...["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15", "-t", "4"],
      ...[...encoder, "-pix_fmt", "yuv420p", path],
    );
  });
}

test("a camera of RTSP that does not send by TCP is live, and by UDP at once the next time", async () => {
  await using camera = new RtspCamera({ clip: await clip(), tcp: "refuses" });
  await using probe = await new SwitcherProbe({ source: camera.url }).start();
  await probe.until("live", () => probe.state.live, 15_000);
  await probe.moreFrames(10, 5_000);
  assert.deepEqual(pictureSize(probe.frames.at(-1)!), { width: 320, height: 240 });
  assert.deepEqual(camera.transports, ["TCP", "UDP"]);
  camera.hangUp();
  await probe.until("live again", () => camera.transports.length > 2 && probe.state.live, 15_000);
  assert.deepEqual(camera.transports, ["TCP", "UDP", "UDP"]);
});

test("a camera of RTSP that sends nothing by TCP is asked for UDP after 10 s", async () => {
  await using camera = new RtspCamera({ clip: await clip(), tcp: "is silent" });
  await using probe = await new SwitcherProbe({ source: camera.url }).start();
  await probe.until("live", () => probe.state.live, 20_000);
  assert.deepEqual(camera.transports, ["TCP", "UDP"]);
});
