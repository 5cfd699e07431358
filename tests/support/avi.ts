import { join } from "./jpegs.ts";

/** Returns a RIFF chunk: name, length, content, and a padding byte after an odd length. */
function chunk(name: string, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(...content);
  return join(text(name), words(body.length), body, new Uint8Array(body.length % 2));
}

function list(name: string, kind: string, ...chunks: readonly Uint8Array[]) {
  return chunk(name, text(kind), ...chunks);
}

function text(characters: string): Uint8Array {
  return new TextEncoder().encode(characters);
}

/** Returns little-endian 32-bit numbers. */
function words(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

/** Returns an MJPEG AVI file whose frames are these camera buffers. */
export function mjpegAvi(
  buffers: readonly Uint8Array[],
  { width, height, fps }: { width: number; height: number; fps: number },
): Uint8Array<ArrayBuffer> {
  const none = [0, 0, 0, 0];
  const { length } = buffers;
  const header = words(1e6 / fps, 0, 0, 16, length, 0, 1, 0, width, height, ...none);
  const stream = words(0, 0, 0, 1, fps, 0, length, 0, 0xffffffff, 0, 0, height << 16 | width);
  const format = words(40, width, height, 24 << 16 | 1, 0x47504a4d, width * height * 3, ...none);
  return list(
    "RIFF",
    "AVI ",
    list(
      "LIST",
      "hdrl",
      chunk("avih", header),
      list(
        "LIST",
        "strl",
        chunk("strh", text("vidsMJPG"), stream),
        chunk("strf", format),
      ),
    ),
    list("LIST", "movi", ...buffers.map((buffer) => chunk("00dc", buffer))),
  );
}
