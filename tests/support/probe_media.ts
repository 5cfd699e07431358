import assert from "node:assert/strict";

/** A packet as ffprobe sees it. */
export interface ProbedPacket {
  /** `video` or `audio`. */
  readonly type: string;
  /** Seconds. */
  readonly pts: number;
  readonly isKey: boolean;
}

/** What ffprobe sees. */
export interface ProbedMedia {
  readonly streams: readonly {
    readonly codec_name: string;
    readonly width?: number;
    readonly height?: number;
    readonly channels?: number;
    readonly profile?: string;
  }[];
  readonly packets: readonly ProbedPacket[];
  /** Everything that ffprobe and a decoder had to say against it. */
  readonly warnings: string;
}

async function run(program: string, args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" })
    .output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), warnings: decoder.decode(stderr) };
}

/** Reads a file with ffprobe, and decodes all of it with ffmpeg. */
export async function probeMedia(bytes: Uint8Array, extension: string): Promise<ProbedMedia> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/stream.${extension}`;
    await Deno.writeFile(path, bytes);
    const probed = await run("ffprobe", [
      ...["-v", "warning", "-of", "json", "-show_packets", "-show_streams", path],
    ]);
    const decoded = await run("ffmpeg", [
      ...["-hide_banner", "-nostdin", "-v", "warning", "-i", path],
      ...["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"],
    ]);
    assert.equal(probed.code, 0, probed.warnings);
    assert.equal(decoded.code, 0, decoded.warnings);
    const { streams, packets } = JSON.parse(probed.stdout);
    return {
      streams,
      packets: packets.map((
        packet: { codec_type: string; pts_time: string; flags: string },
      ) => ({
        type: packet.codec_type,
        pts: Number(packet.pts_time),
        isKey: packet.flags.startsWith("K"),
      })),
      warnings: probed.warnings + decoded.warnings,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
