import assert from "node:assert/strict";
import { Child } from "../../../support/child.ts";
import { findProgram } from "../../../support/find_program.ts";
import { freePort } from "../../../support/free_port.ts";
import { startPublishStage } from "../../../support/publish_stage.ts";
import { StreamReceiver } from "../../../support/stream_receiver.ts";
import { until } from "../../../support/until.ts";

/** Pictures that a receiver decodes before a test is content: two seconds. */
const ENOUGH = 60;

/**
 * Runs node-media-server on a port of loopback. It is no dependency of the project: its packages would bring other
 * types of Node's modules.
 */
const MEDIA_SERVER = `
  import NodeMediaServer from "npm:node-media-server@4.4.3";
  const rtmp = { port: Number(Deno.args[0]) };
  new NodeMediaServer({ bind: "127.0.0.1", rtmp, auth: { play: false, publish: false } }).run();
`;

const PATIENCE = { timeout: 30_000 };

/** Publishes to an address until a receiver has decoded enough. */
async function publishTo(url: string, receiver: () => StreamReceiver): Promise<void> {
  await using stage = await startPublishStage();
  await using receiving = receiver();
  const id = stage.publications.add(url);
  await stage.until(id, ({ state }) => state === "live", 30_000);
  const enough = () => receiving.received.frames >= ENOUGH;
  await until("two seconds of pictures", enough, Boolean, PATIENCE);
  assert.deepEqual([...receiving.received.codecs].sort(), ["aac", "h264"]);
  assert.doesNotMatch(receiving.output, /error while decoding|corrupt|non monoton/i);
  assert.deepEqual(stage.publications.count(), { off: 0, connecting: 0, live: 1, waiting: 0 });
}

Deno.test("an SRT listener takes what is published", async () => {
  const at = `srt://127.0.0.1:${freePort()}`;
  await publishTo(at, () => new StreamReceiver("-i", `${at}?mode=listener`));
});

Deno.test({
  name: "srt-live-transmit takes what is published, and passes it on",
  ignore: findProgram("srt-live-transmit") === null,
  async fn() {
    const [at, on] = [freePort(), freePort()];
    await using _relay = new Child([
      ...["srt-live-transmit", "-q", `srt://127.0.0.1:${at}?mode=listener`],
      `udp://127.0.0.1:${on}`,
    ], {});
    await publishTo(
      `srt://127.0.0.1:${at}`,
      () => new StreamReceiver("-i", `udp://127.0.0.1:${on}?timeout=20000000`),
    );
  },
});

Deno.test("an RTSP server takes what is published", async () => {
  const at = `rtsp://127.0.0.1:${freePort()}/live`;
  await publishTo(at, () => new StreamReceiver("-rtsp_flags", "listen", "-i", at));
});

Deno.test("node-media-server takes what is published", async () => {
  const port = freePort();
  // It keeps data in its working folder.
  const folder = await Deno.makeTempDir();
  await using server = new Child([
    ...[Deno.execPath(), "eval", "--no-config", "--no-lock", MEDIA_SERVER, String(port)],
  ], { cwd: folder, stdout: "piped" });
  await server.says(/Rtmp Server listening/);
  const at = `rtmp://127.0.0.1:${port}/live/cam`;
  // The receiver comes when there is something to receive.
  await using stage = await startPublishStage();
  const id = stage.publications.add(at);
  await stage.until(id, ({ state }) => state === "live", 30_000);
  await using receiver = new StreamReceiver("-i", at);
  await until(
    "two seconds of pictures",
    () => receiver.received.frames >= ENOUGH,
    Boolean,
    PATIENCE,
  );
  assert.deepEqual([...receiver.received.codecs].sort(), ["aac", "h264"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("WHIP asks for an ffmpeg that has it", async () => {
  const { stdout } = await new Deno.Command("ffmpeg", { args: ["-hide_banner", "-muxers"] })
    .output();
  const hasWhip = /\bwhip\b/.test(new TextDecoder().decode(stdout));
  await using stage = await startPublishStage();
  const id = stage.publications.add("http://127.0.0.1:9/cam/whip");
  const { problem } = await stage.until(id, ({ problem }) => problem !== null);
  assert.equal(/ffmpeg 8/.test(problem!), !hasWhip, problem!);
});
