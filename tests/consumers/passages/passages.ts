import type { Passage } from "../../../src/consumers/passages/passage.ts";
import type { SoundPacket } from "../../../src/media/packet.ts";
import { INVENTED_CLIP } from "../../support/replayed_track.ts";
import { TINY_JPEG } from "../../support/test_server.ts";

/** Wall time at which the passages of these tests begin. */
export const START = Date.UTC(2026, 10, 26, 14, 3, 20);

const FRAME_MS = 40;

export const H264 = INVENTED_CLIP.configuration;
export const JPEG = { width: 32, height: 16 };

/** A packet of 20 ms of sound. */
export function soundAt(at: number): SoundPacket {
  const data = Uint8Array.of(0xfc, 0xff, 0xfe);
  return { track: "sound", sequence: 1, at, data, isKey: true, duration: 20 };
}

/** A second of pictures, with sound or without, that begins so many seconds after the start. */
export function passageAt(
  second: number,
  { format = H264, hasSound = false }: {
    readonly format?: Passage["format"];
    readonly hasSound?: boolean;
  } = {},
): Passage {
  const from = START + second * 1_000;
  const isH264 = "record" in format;
  return {
    format,
    pictures: Array.from({ length: 1_000 / FRAME_MS }, (_, index) => ({
      at: from + index * FRAME_MS,
      data: isH264 ? INVENTED_CLIP.units[0].data : TINY_JPEG,
      isKey: !isH264 || index === 0,
    })),
    sound: hasSound ? Array.from({ length: 50 }, (_, index) => soundAt(from + index * 20)) : [],
    to: from + 1_000,
  };
}
