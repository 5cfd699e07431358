import assert from "node:assert/strict";
import { childrenRunning } from "../support/children_running.ts";
import { freePort } from "../support/free_port.ts";
import { startPublishStage } from "../support/publish_stage.ts";
import { startProgram } from "../support/program.ts";
import { AS_STREAMER } from "../support/requests.ts";
import { hasRtmpServer, startRtmpServer } from "../support/rtmp_server.ts";
import { StreamReceiver } from "../support/stream_receiver.ts";
import { until } from "../support/until.ts";
import type { StudioPublication } from "../../src/live_messages.ts";

/** A server that accepts every connection and says nothing. */
function startSilentServer() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  const accepting = (async () => {
    for await (const connection of listener) connections.add(connection);
  })();
  return {
    port: listener.addr.port,
    connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) connection.close();
      await accepting;
    },
  };
}

/** Returns the ids of the ffmpegs that this process publishes with. */
function publishing(): Promise<number[]> {
  return childrenRunning(Deno.pid, /ffmpeg .*-f flv -i pipe:0/);
}

Deno.test("a target that refuses and one that hangs leave a third alone", async () => {
  await using silent = startSilentServer();
  await using stage = await startPublishStage();
  const port = freePort();
  await using receiver = new StreamReceiver(
    ...["-listen", "1", "-i", `rtmp://127.0.0.1:${port}/live/cam`],
  );
  const refused = stage.publications.add("rtmp://127.0.0.1:9/live/XQZJWKEY");
  const hanging = stage.publications.add(`rtmp://127.0.0.1:${silent.port}/live/XQZJWKEY`);
  const healthy = stage.publications.add(`rtmp://127.0.0.1:${port}/live/cam`);
  await stage.until(healthy, ({ state }) => state === "live", 20_000);
  const { problem, nextTry } = await stage.until(refused, ({ state }) => state === "waiting");
  assert.match(problem!, /nothing answers there/);
  assert.ok(nextTry! > Date.now() - 1_000);
  const hung = await stage.until(hanging, ({ state }) => state === "waiting", 30_000);
  assert.match(hung.problem!, /no answer/);
  const { frames } = receiver.received;
  const begun = performance.now();
  await until("more pictures", () => receiver.received.frames > frames + 90, Boolean, {
    timeout: 10_000,
  });
  const rate = 90_000 / (performance.now() - begun);
  assert.ok(rate > 15, `${rate} fps`);
  assert.doesNotMatch(JSON.stringify([stage.log.lines, stage.publications.list]), /XQZJW/);
});

Deno.test({
  name: "an ffmpeg that was stopped is killed, and publishing begins again",
  ignore: !await hasRtmpServer(),
  async fn() {
    await using server = await startRtmpServer();
    await using stage = await startPublishStage();
    const id = stage.publications.add(server.url);
    await stage.until(id, ({ state }) => state === "live");
    const [pid] = await publishing();
    Deno.kill(pid, "SIGSTOP");
    const { problem } = await stage.until(id, ({ state }) => state === "waiting", 30_000);
    assert.match(problem!, /takes nothing any more/);
    assert.deepEqual(await publishing(), []);
    await stage.until(id, ({ state }) => state === "live", 30_000);
  },
});

Deno.test({
  name: "no ffmpeg is left behind by a target that is switched off, or removed while it hangs",
  ignore: !await hasRtmpServer(),
  async fn() {
    await using server = await startRtmpServer();
    await using silent = startSilentServer();
    await using stage = await startPublishStage();
    const id = stage.publications.add(server.url);
    const hanging = stage.publications.add(`rtmp://127.0.0.1:${silent.port}/live/cam`);
    await stage.until(id, ({ state }) => state === "live");
    await until("both to run", publishing, ({ length }) => length === 2);
    stage.publications.switch(id, false);
    stage.publications.remove(hanging);
    await until("both to end", publishing, ({ length }) => length === 0, { timeout: 5_000 });
    assert.equal(stage.track.consumers.size + stage.aac.consumers.size, 0);
    // The server was told, so that it takes the same key at once.
    stage.publications.switch(id, true);
    await stage.until(id, ({ state }) => state === "live", 8_000);
    assert.deepEqual(stage.log.lines.filter((line) => line.startsWith("warn")), []);
  },
});

Deno.test({
  name: "off air, the card is published with silence, and the stream goes on when on air again",
  ignore: !await hasRtmpServer(),
  async fn() {
    await using server = await startRtmpServer();
    await using program = await startProgram([
      ...["--source=test", "--resolution=320x240", `--publish=${server.url}`],
    ]);
    const state = async () => {
      const response = await fetch(`${program.origin}/admin/state`, { headers: AS_STREAMER });
      const { publications } = await response.json();
      return publications[0] as StudioPublication;
    };
    const setOnAir = async (onAir: boolean) => {
      const response = await fetch(`${program.origin}/admin/on-air`, {
        method: "POST",
        headers: { ...AS_STREAMER, "content-type": "application/json" },
        body: JSON.stringify({ onAir }),
      });
      await response.body?.cancel();
    };
    const segments = async () => {
      const playlist = await Deno.readTextFile(server.playlist).catch(() => "");
      return Number(/MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0) +
        playlist.split("#EXTINF").length - 1;
    };
    const { since } = await until("it to be live", state, ({ state }) => state === "live", {
      timeout: 30_000,
    });
    await setOnAir(false);
    const before = await segments();
    await until("segments of the card", segments, (count) => count >= before + 4, {
      timeout: 30_000,
    });
    const playlist = await Deno.readTextFile(server.playlist);
    const newest = playlist.trim().split("\n").at(-1)!;
    const { stderr } = await new Deno.Command("ffmpeg", {
      args: [
        ...["-hide_banner", "-nostdin", "-i", `${server.playlist.replace(/[^/]*$/, "")}${newest}`],
        ...["-vf", "signalstats,metadata=print", "-af", "volumedetect", "-f", "null", "-"],
      ],
    }).output();
    const seen = new TextDecoder().decode(stderr);
    // The test picture has all colours, the card is nearly grey; and it has a beep.
    const saturation = Number(/signalstats\.SATAVG=([\d.]+)/.exec(seen)?.[1]);
    assert.ok(saturation < 20, `saturation ${saturation}`);
    assert.ok(Number(/max_volume: (-?[\d.]+) dB/.exec(seen)?.[1]) < -60, seen.slice(-500));
    await setOnAir(true);
    const later = await segments();
    await until("more segments", segments, (count) => count >= later + 3, { timeout: 30_000 });
    assert.equal((await state()).since, since);
  },
});
