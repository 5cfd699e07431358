import assert from "node:assert/strict";
import { makeSelfSigned } from "../../../../src/tls/self_signed.ts";
import { publishedAge } from "../../../bench/publish/age.ts";
import { startPublishStage } from "../../../support/publish_stage.ts";
import { hasRtmpServer, startRtmpServer } from "../../../support/rtmp_server.ts";
import { until } from "../../../support/until.ts";

const ignore = !await hasRtmpServer();

/** Returns what ffprobe sees at an address. */
async function probe(url: string) {
  const { stdout, stderr } = await new Deno.Command("ffprobe", {
    args: [
      ...["-v", "warning", "-of", "json", "-show_streams", "-show_packets"],
      ...["-read_intervals", "%+3", "-rw_timeout", "8000000", url],
    ],
    stdin: "null",
  }).output();
  const { streams = [], packets = [] } = JSON.parse(new TextDecoder().decode(stdout) || "{}");
  return {
    streams: streams as { codec_name: string; width?: number; channels?: number }[],
    packets: packets as { codec_type: string; dts_time: string; flags: string }[],
    warnings: new TextDecoder().decode(stderr),
  };
}

Deno.test({
  name: "nginx takes what is published, and its HLS plays",
  ignore,
  async fn() {
    await using server = await startRtmpServer();
    await using stage = await startPublishStage();
    const id = stage.publications.add(server.url);
    const { problem } = await stage.until(id, ({ state }) => state === "live");
    assert.equal(problem, null);
    const playlist = () => Deno.readTextFile(server.playlist).catch(() => "");
    await until("five segments", playlist, (text) => text.split("#EXTINF").length > 5);
    const { streams, packets, warnings } = await probe(server.playlist);
    assert.deepEqual(
      streams.map(({ codec_name, width, channels }) => [codec_name, width ?? channels]),
      [["h264", 320], ["aac", 2]],
    );
    assert.equal(warnings, "");
    const pictures = packets.filter(({ codec_type }) => codec_type === "video");
    const span = Number(pictures.at(-1)!.dts_time) - Number(pictures[0].dts_time);
    const rate = (pictures.length - 1) / span;
    assert.ok(rate > 27 && rate < 33, `${rate} fps`);
    const { kbps } = await stage.until(id, ({ kbps }) => kbps > 0);
    assert.ok(kbps > 20 && kbps < 5_000, `${kbps} kbit/s`);
    stage.publications.remove(id);
  },
});

Deno.test({
  name: "a wrong stream key is explained without the key",
  ignore,
  async fn() {
    await using server = await startRtmpServer();
    await using stage = await startPublishStage();
    const id = stage.publications.add(server.url.replace("cam", "wrong?secret=XQZJ"));
    const { problem } = await stage.until(id, ({ state }) => state === "waiting");
    assert.match(problem!, /refuses|stream key/);
    assert.doesNotMatch(JSON.stringify([stage.log.lines, problem]), /XQZJ|wrong\?/);
  },
});

Deno.test({
  name: "publishing goes on when a server that was killed is back",
  ignore,
  async fn() {
    await using server = await startRtmpServer();
    await using stage = await startPublishStage();
    const id = stage.publications.add(server.url);
    await stage.until(id, ({ state }) => state === "live");
    await server.kill();
    const { problem } = await stage.until(id, ({ state }) => state === "waiting");
    assert.match(problem!, /ended the connection/);
    await server.restart();
    await stage.until(id, ({ state }) => state === "live");
  },
});

Deno.test({
  name: "what is pulled from nginx is about as old as its way takes",
  ignore,
  async fn() {
    const { pulled, segment } = await publishedAge(5);
    // It is 55 and 90 ms. An ffmpeg that looks for the frame rate first would hold it back for longer than this.
    assert.ok(pulled.median > 0 && pulled.median < 1_000, `${pulled.median} ms`);
    assert.ok(segment.median > 0 && segment.median < 2_000, `${segment.median} ms`);
  },
});

Deno.test({
  name: "RTMPS reaches a server behind TLS",
  ignore,
  async fn() {
    await using server = await startRtmpServer();
    const { port } = new URL(server.url.replace("rtmp", "http"));
    await using tls = await startTlsProxy(Number(port));
    await using stage = await startPublishStage();
    const id = stage.publications.add(`rtmps://127.0.0.1:${tls.port}/live/cam`);
    await stage.until(id, ({ state }) => state === "live", 20_000);
    const playlist = () => Deno.readTextFile(server.playlist).catch(() => "");
    await until("two segments", playlist, (text) => text.split("#EXTINF").length > 2);
  },
});

/** Passes what comes by TLS on to a port without. */
async function startTlsProxy(to: number) {
  const credentials = await makeSelfSigned({ hosts: ["127.0.0.1"], now: Date.now() });
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...credentials });
  const pass = async (client: Deno.TlsConn) => {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: to });
    await Promise.allSettled([
      client.readable.pipeTo(server.writable),
      server.readable.pipeTo(client.writable),
    ]);
  };
  const passing: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const client of listener) passing.push(pass(client));
  })();
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(passing);
    },
  };
}
