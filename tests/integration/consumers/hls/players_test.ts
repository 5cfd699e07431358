import assert from "node:assert/strict";
import { hasNginx, startHlsServer } from "../../../support/hls_server.ts";
import { ROOT, startProgram } from "../../../support/program.ts";
import { until } from "../../../support/until.ts";
import { chartClip } from "../../../e2e/clips.ts";
import { temporaryFolder } from "../../../store/temporary_folder.ts";

interface Probed {
  readonly codec_name: string;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
}

/** Returns what ffprobe finds at an address. */
async function probe(url: string): Promise<readonly Probed[]> {
  const { stdout } = await new Deno.Command("ffprobe", {
    args: ["-v", "error", "-of", "json", "-show_streams", url],
    stdin: "null",
    stderr: "inherit",
    signal: AbortSignal.timeout(60_000),
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).streams ?? [];
}

/** Plays so many seconds with ffmpeg; returns how many pictures there were, and what it complained of. */
async function play(url: string, seconds: number) {
  const { stdout, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-v", "error", "-nostdin", "-i", url, "-t", String(seconds)],
      ...["-f", "framecrc", "-map", "0:v", "-map", "0:a", "pipe:1"],
    ],
    signal: AbortSignal.timeout(60_000),
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return {
    pictures: lines.filter((line) => line.startsWith("0,")).length,
    sound: lines.filter((line) => line.startsWith("1,")).length,
    complaints: new TextDecoder().decode(stderr),
  };
}

const codecs = (streams: readonly Probed[]) => streams.map(({ codec_name }) => codec_name).sort();

Deno.test("ffmpeg plays both renditions, with sound", async () => {
  await using program = await startProgram([
    ...[`--source=${await chartClip()}`, "--fps=10", "--h264=auto", "--hls"],
  ]);
  const live = `${program.origin}/hls/live.m3u8`;
  const hasBoth = async () => /high[^]*low/.test(await (await fetch(live)).text());
  await until("both renditions", hasBoth, Boolean, { timeout: 40_000 });
  assert.deepEqual(codecs(await probe(live)), ["aac", "aac", "h264", "h264"]);
  const widths: number[] = [];
  for (const name of ["high", "low"]) {
    const url = `${program.origin}/hls/${name}.m3u8`;
    const [picture] = (await probe(url)).filter(({ codec_name }) => codec_name === "h264");
    widths.push(picture.width!);
    const { pictures, sound, complaints } = await play(url, 3);
    assert.ok(pictures >= 10 && pictures <= 40, `${pictures} pictures`);
    assert.ok(sound >= 120 && sound <= 160, `${sound} packets of sound`);
    assert.equal(complaints, "");
  }
  assert.equal(widths[1], widths[0] / 2);
});

Deno.test({
  name: "what is uploaded by PUT and what is written into a folder plays from nginx",
  ignore: !hasNginx,
  async fn() {
    using folder = temporaryFolder();
    const library = `${ROOT}static/js/hls/hls.light.min.js`;
    await using server = await startHlsServer(`${folder.path}/`, library);
    await Deno.writeTextFile(`${folder.path}/01234567-low-77.m4s`, "of an earlier run");
    await Deno.writeTextFile(`${folder.path}/mine.txt`, "not ours");
    await using program = await startProgram([
      ...[`--source=${await chartClip()}`, "--fps=10", "--h264=auto"],
      ...[`--publish=${server.origin}/put/ ${folder.path}`],
    ]);
    for (const place of ["put", "folder"]) {
      const url = `${server.origin}/${place}/live.m3u8`;
      const isThere = async () =>
        (await fetch(url).then((answer) => answer.text())).includes("low");
      await until(url, isThere, Boolean, { timeout: 30_000 });
      assert.deepEqual(codecs(await probe(url)), ["aac", "aac", "h264", "h264"]);
    }
    const written = () => folder.list();
    const uploaded = () =>
      [...Deno.readDirSync(server.put)].map(({ name }) => name)
        .filter((name) => name !== "hls.js");
    for (const names of [written, uploaded]) {
      await until(
        "old segments to be removed",
        names,
        (names) => !names.some((name) => /-high-0\.m4s$/.test(name)) && names.length > 20,
        { timeout: 40_000 },
      );
    }
    assert.ok(written().includes("mine.txt") && !written().includes("01234567-low-77.m4s"));
    const put = uploaded();
    // Segments that players may still ask for, and five files beside.
    assert.ok(put.length <= 2 * 17 + 9, `${put}`);
    assert.doesNotMatch(program.output(), /Cannot publish/);
  },
});
