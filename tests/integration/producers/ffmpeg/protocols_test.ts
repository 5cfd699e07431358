import assert from "node:assert/strict";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";
import { movingClip } from "../../../support/clips.ts";
import {
  type Answer,
  documentOf,
  hlsPlaylist,
  HttpCamera,
  playClip,
  playlistOf,
  redirectTo,
} from "../../../support/http_camera.ts";

const ASTRAY =
  /^Cannot show ".+": it sends this machine to another address, which is not followed$/;

/** What is said of a source once it is refused; fails if it gives a picture. */
async function refusalOf(source: string): Promise<string> {
  await using probe = await new SwitcherProbe({ source }).start();
  const isOver = () => probe.state.live || /^Cannot/.test(probe.reason ?? "");
  await probe.until("refusal", isOver, 15_000);
  assert.equal(probe.state.live, false);
  return probe.reason!;
}

Deno.test("a network camera leads ffmpeg to no file, device or protocol of another kind", async () => {
  const clip = (await movingClip()).path;
  const answers: readonly Answer[] = [
    ...[
      `file://${clip}`,
      `file:${clip}`,
      `concat:${clip}|${clip}`,
      `subfile,,start,0,end,0,,:${clip}`,
    ]
      .map(playlistOf),
    playlistOf(`crypto:${clip}`),
    playlistOf("data:video/x-mjpeg;base64,/9j/"),
    documentOf("text/plain", `ffconcat version 1.0\nfile 'file:${clip}'\n`),
    documentOf("text/plain", `ffconcat version 1.0\nfile '${clip}'\n`),
    documentOf(
      "application/sdp",
      "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 26\n",
    ),
    redirectTo(`file://${clip}`),
  ];
  await Promise.all(answers.map(async (answer) => {
    await using camera = new HttpCamera(answer);
    assert.match(
      await refusalOf(`http://${camera.host}/`),
      /^Cannot (open|show) "/,
    );
  }));
});

Deno.test("a camera of RTSP leads ffmpeg to no other host", async () => {
  await using inside = new HttpCamera(playClip, "127.0.0.2");
  await using camera = new HttpCamera((_, send) =>
    send(`RTSP/1.0 302 Moved Temporarily\r\nCSeq: 1\r\nLocation: rtsp://${inside.host}/\r\n\r\n`)
  );
  assert.match(await refusalOf(`rtsp://${camera.host}/live`), ASTRAY);
});

Deno.test("a file leads ffmpeg to no address", async () => {
  await using inside = new HttpCamera(playClip);
  const path = await Deno.makeTempFile({ suffix: ".m3u8" });
  try {
    await Deno.writeTextFile(
      path,
      hlsPlaylist(`http://${inside.host}/1.ts`),
    );
    assert.match(await refusalOf(path), /^Cannot (open|show) file "/);
    assert.deepEqual(inside.requests, []);
  } finally {
    await Deno.remove(path);
  }
});
