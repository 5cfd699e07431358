import assert from "node:assert/strict";
import { silence } from "../../../../src/media/opus.ts";
import type { ListedRecording } from "../../../../src/live_messages.ts";
import { temporaryFolder } from "../../../store/temporary_folder.ts";
import { h264Clip } from "../../../support/h264_clip.ts";
import { probeMedia } from "../../../support/probe_media.ts";
import { startRecordingStage } from "../../../support/recording_stage.ts";
import { ReplayedTrack, tracksOf } from "../../../support/replayed_track.ts";
import { administer, AS_STREAMER } from "../../../support/requests.ts";
import { until } from "../../../support/until.ts";

type Stage = Awaited<ReturnType<typeof startRecordingStage>>;

async function list({ server }: Stage): Promise<ListedRecording[]> {
  const response = await server.get("/admin/recordings", { headers: AS_STREAMER });
  return (await response.json()).recordings;
}

/** Records until there is so much. */
async function record(stage: Stage, milliseconds: number): Promise<void> {
  await until("a recording", () => stage.state(), ({ duration }) => duration >= milliseconds, {
    timeout: 20_000,
  });
  await administer(stage.server, "recording", { when: "off" });
  await until("its end", () => list(stage), ([one]) => one.duration !== null && !one.isWriting);
}

Deno.test("recording of H.264 and sound is a plain MP4 that a player can seek in", async () => {
  using folder = temporaryFolder();
  const track = new ReplayedTrack(await h264Clip());
  await using stage = await startRecordingStage(folder.path, {
    ...{ codec: "h264", video: tracksOf(track) },
  });
  const { soundStream } = stage.server;
  soundStream.isOpen = true;
  let at = Date.now();
  const sound = setInterval(() => {
    for (; at < Date.now(); at += 20) {
      soundStream.publish({
        ...{ track: "sound", sequence: 0, at, duration: 20, isKey: true, data: silence(2) },
      });
    }
  }, 20);
  const pictures = setInterval(() => track.give(), 33);
  try {
    await record(stage, 3_500);
  } finally {
    clearInterval(sound);
    clearInterval(pictures);
  }
  const recordings = await list(stage);
  const { name, duration } = recordings.at(-1)!;
  const bytes = await Deno.readFile(`${folder.path}/${name}`);
  const { streams, packets, warnings } = await probeMedia(bytes, "mp4");
  assert.equal(warnings, "");
  assert.deepEqual(streams.map(({ codec_name }) => codec_name), ["h264", "opus"]);
  for (const type of ["video", "audio"]) {
    const times = packets.filter((packet) => packet.type === type).map(({ pts }) => pts);
    assert.ok(times.length > 0 && times[0] < 0.1, `${type} begins at ${times[0]} s`);
    assert.ok(times.at(-1)! * 1_000 > duration! - 300, `${type} ends at ${times.at(-1)} s`);
    for (let i = 1; i < times.length; i++) assert.ok(times[i] > times[i - 1]);
  }
  assert.ok(packets.filter(({ type, isKey }) => type === "video" && isKey).length >= 3);
});

Deno.test("recordings are listed, read in parts, and deleted by the streamer alone", async () => {
  using folder = temporaryFolder();
  await using stage = await startRecordingStage(folder.path);
  const { server } = stage;
  await record(stage, 2_000);
  const [{ name, bytes, isPlayable }] = await list(stage);
  assert.equal(isPlayable, false);
  const whole = await Deno.readFile(`${folder.path}/${name}`);
  assert.equal(whole.length, bytes);

  const { ticket } = await administer(server, "recordings/ticket", {});
  const get = (path: string, init: RequestInit = {}, given = name) =>
    server.get(`/recordings/${path}?name=${encodeURIComponent(given)}&ticket=${ticket}`, init);
  const response = await get("file");
  assert.equal(response.headers.get("accept-ranges"), "bytes");
  const etag = response.headers.get("etag")!;
  assert.deepEqual(await response.bytes(), whole);

  const part = await get("file", { headers: { range: "bytes=10-19", "if-range": etag } });
  assert.equal(part.status, 206);
  assert.equal(part.headers.get("content-range"), `bytes 10-19/${bytes}`);
  assert.deepEqual(await part.bytes(), whole.slice(10, 20));
  const head = await get("file", { method: "HEAD", headers: { range: "bytes=-5" } });
  assert.equal(head.headers.get("content-length"), "5");
  const beyond = await get("file", { headers: { range: `bytes=${bytes}-` } });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get("content-range"), `bytes */${bytes}`);
  await beyond.body?.cancel();

  const thumbnail = await get("thumbnail");
  assert.equal(thumbnail.headers.get("content-type"), "image/jpeg");
  await thumbnail.body?.cancel();

  const secret = `${folder.path}-secret`;
  await Deno.writeTextFile(secret, "secret");
  const link = "2020-01-01_00.00.00Z.mp4";
  await Deno.symlink(secret, `${folder.path}/${link}`);
  for (const other of ["", "../secret", `../${name}`, secret, `.${name}.jpg`, link, `${name}\0`]) {
    for (const path of ["file", "thumbnail"]) {
      const refused = await get(path, {}, other);
      assert.equal(refused.status, 404, other);
      await refused.body?.cancel();
    }
  }
  await Deno.remove(secret);
  const guess = await server.get(`/recordings/file?name=${name}&ticket=${"a".repeat(32)}`);
  assert.equal(guess.status, 403);
  await guess.body?.cancel();

  await administer(server, "recordings/delete", { name });
  assert.deepEqual(await list(stage), []);
});
