/** Frames in a file that ffmpeg reads. */
export interface Compared {
  readonly path: string;
  readonly format: "h264" | "mjpeg";
}

const RATE = ["-r", "30"];

/**
 * Returns the structural similarity of the luma of frames to that of JPEGs, the mean of all frames, by
 * ffmpeg's filter.
 */
export async function lumaSsim({ path, format }: Compared, reference: string): Promise<number> {
  // JPEGs are of full range; H.264 is not.
  const range = format === "h264" ? "scale=in_range=limited:out_range=full,format=yuvj420p," : "";
  const luma = "extractplanes=y,setpts=N/30/TB";
  const graph = `[0:v]${range}${luma}[a];[1:v]${luma}[b];[a][b]ssim`;
  const { success, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", ...RATE, "-f", format, "-i", path],
      ...[...RATE, "-f", "mjpeg", "-i", reference, "-lavfi", graph, "-f", "null", "-"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr);
  const found = /SSIM Y:([\d.]+)/.exec(text);
  if (!success || !found) throw new Error(`ffmpeg cannot compare: ${text}`);
  return Number(found[1]);
}
