import assert from "node:assert/strict";
import { SYSTEM_CLOCK } from "../../../../src/clock.ts";
import { currentSystem } from "../../../../src/producers/ffmpeg/source.ts";
import type { PictureSource } from "../../../../src/producers/picture_source.ts";
import { AddressInput } from "../../../../src/producers/sound/address_input.ts";
import type { TimedPacket } from "../../../../src/producers/sound/sound_input.ts";
import { testsAtOnce } from "../../../support/at_once.ts";
import { flashBeepClip } from "../../../support/flash_beep_clip.ts";
import {
  type Answer,
  documentOf,
  HttpCamera,
  playClip,
  redirectTo,
} from "../../../support/http_camera.ts";
import { beepTimes } from "../../../support/lip_sync.ts";
import { recordingLog } from "../../../support/recording_log.ts";
import { until } from "../../../support/until.ts";

const test = testsAtOnce("the sound of an address", 2);

function open(url: string, picture?: Pick<PictureSource, "relayed">) {
  const packets: TimedPacket[] = [];
  const log = recordingLog();
  const ffmpeg = { program: "ffmpeg", system: currentSystem(), log };
  const input = new AddressInput({
    source: { kind: "url", url },
    picture,
    setup: { ffmpeg, bitRate: 48_000, gain: 0, clock: SYSTEM_CLOCK },
    listener: { onPacket: (packet) => packets.push(packet), onLevel() {} },
  });
  return { packets, input, log };
}

/** Sends the clip as live MPEG-TS, in real time. */
const sendLive: Answer = async (_, send) => {
  const clip = await flashBeepClip("mp4", 2);
  await using sender = new Deno.Command("ffmpeg", {
    args: [
      ...["-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", clip],
      ...["-c", "copy", "-f", "mpegts", "pipe:1"],
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  await send("HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\n\r\n");
  for await (const chunk of sender.stdout) await send(chunk);
};

/** Answers with a status alone. */
function refusalOf(status: string): Answer {
  return (_, send) => send(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
}

/** Sends the clip as fast as possible. */
const sendFile: Answer = async (_, send) => {
  const bytes = await Deno.readFile(await flashBeepClip("mp4", 5));
  await send(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  await send(bytes);
};

/** Asserts that beeps are 2 s apart, as they were sent. */
function assertEven(beeps: readonly number[]): void {
  assert.ok(beeps.length >= 2, `${beeps.length} beeps`);
  for (const [i, beep] of beeps.slice(1).entries()) {
    assert.ok(Math.abs(beep - beeps[i] - 2_000) < 100, beeps.join(" "));
  }
}

test("sound of a live address comes at its pace", async () => {
  await using camera = new HttpCamera(sendLive);
  const { packets, input } = open(`http://${camera.host}/live`);
  await until("6 s of sound", () => packets.length >= 300, Boolean, { timeout: 30_000 });
  input.stop();
  await input.ended;
  assertEven(await beepTimes(packets));
});

test("sound of a recording at an address is played in real time", async () => {
  await using camera = new HttpCamera(sendFile);
  const begun = performance.now();
  const { packets, input } = open(`http://${camera.host}/clip.mp4`);
  const { kind, reason } = await input.ended;
  assert.ok(performance.now() - begun > 4_000);
  assert.equal(kind, "ended");
  assert.equal(reason, `The sound of "http://${camera.host}" ended`);
  assertEven(await beepTimes(packets));
});

test("sound of an address without any is refused with the reason", async () => {
  await using camera = new HttpCamera(playClip);
  const { packets, input } = open(`http://${camera.host}/live`);
  const { kind, reason } = await input.ended;
  assert.equal(kind, "refused");
  assert.equal(reason, `"http://${camera.host}" has no sound`);
  assert.deepEqual(packets, []);
});

test("sound is not read from another host", async () => {
  await using inside = new HttpCamera(sendLive, "127.0.0.2");
  await using camera = new HttpCamera(redirectTo(`http://${inside.host}/secret`));
  const { kind, reason } = await open(`http://${camera.host}/live`).input.ended;
  assert.equal(kind, "refused");
  assert.match(reason, /sends this machine to another address, which is not followed$/);
  assert.deepEqual(inside.requests, []);
});

test("sound is read from where the same host redirects to", async () => {
  await using camera = new HttpCamera((request, send) =>
    request.path === "/live" ? redirectTo("/other")(request, send) : sendLive(request, send)
  );
  const { packets, input } = open(`http://${camera.host}/live`);
  await until("sound", () => packets.length > 0, Boolean, { timeout: 20_000 });
  input.stop();
  await input.ended;
});

for (
  const [what, answer] of [
    ["is missing", refusalOf("404 Not Found")],
    ["is forbidden", refusalOf("403 Forbidden")],
    ["leads to another host", redirectTo("http://127.0.0.2:9/portal")],
    ["is a web page", documentOf("text/html", `<!DOCTYPE html>${" ".repeat(2_000)}`)],
  ] as const
) {
  test(`sound is read from the /stream of a camera whose /sound.ogg ${what}`, async () => {
    await using camera = new HttpCamera((request, send) =>
      (request.path === "/stream" ? sendLive : answer)(request, send)
    );
    const { packets, input } = open(`http://${camera.host}/stream`);
    await until("sound", () => packets.length > 0, Boolean, { timeout: 30_000 });
    input.stop();
    await input.ended;
    assert.equal(camera.requests.filter(({ path }) => path !== "/stream").length, 1);
  });
}

test("sound is read from where a camera's /stream redirects to", async () => {
  await using camera = new HttpCamera((request, send) => {
    if (request.path === "/stream") return redirectTo("/live/1")(request, send);
    return (request.path === "/live/1" ? sendLive : refusalOf("404 Not Found"))(request, send);
  });
  const { packets, input } = open(`http://${camera.host}/stream`);
  await until("sound", () => packets.length > 0, Boolean, { timeout: 30_000 });
  input.stop();
  await input.ended;
});

test("a livestream without sound has none, even if its first picture comes late", async () => {
  const picture: Pick<PictureSource, "relayed"> = { relayed: null };
  const page = documentOf("text/html", `<!DOCTYPE html>${" ".repeat(2_000)}`);
  await using camera = new HttpCamera((request, send) => {
    if (request.path !== "/") return refusalOf("404 Not Found")(request, send);
    picture.relayed = { clockOffset: 0 };
    return page(request, send);
  });
  const { reason } = await open(`http://${camera.host}/`, picture).input.ended;
  assert.match(reason, /^"http:\/\/127\.0\.0\.1:\d+" has no sound$/);
});

test("neither log nor reason has the password of an address", async () => {
  const { input, log } = open("http://me:geheim@127.0.0.1:9/geheim?key=geheim");
  const { reason } = await input.ended;
  assert.doesNotMatch(reason, /geheim/);
  assert.doesNotMatch(JSON.stringify([log.lines, log.fields]), /geheim/);
});
