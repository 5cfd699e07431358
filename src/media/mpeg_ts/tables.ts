import { concat } from "../jpeg/concat.ts";
import { crc32 } from "./crc32.ts";

/** Identifiers of the packets of each part (PID); the first ones are reserved. */
export const PIDS = { pat: 0, pmt: 0x1000, video: 0x100, sound: 0x101 } as const;

/** Stream types (ISO/IEC 13818-1 table 2-34): H.264, and MPEG-1 audio. */
const H264 = 0x1b;
const MPEG_AUDIO = 3;

const PROGRAM = 1;
const PAT_TABLE = 0;
const PMT_TABLE = 2;
const CRC_BYTES = 4;

/** Encodes the section that lists the one program (ISO/IEC 13818-1 section 2.4.4.3), with its pointer. */
export function encodePat(): Uint8Array<ArrayBuffer> {
  return section(PAT_TABLE, u16(PROGRAM, 0xe000 | PIDS.pmt));
}

/** Encodes the section that lists the program's streams (section 2.4.4.8), with its pointer. */
export function encodePmt(hasSound: boolean): Uint8Array<ArrayBuffer> {
  const streams = [stream(H264, PIDS.video), ...hasSound ? [stream(MPEG_AUDIO, PIDS.sound)] : []];
  return section(PMT_TABLE, concat(u16(0xe000 | PIDS.video, 0xf000), ...streams));
}

function stream(type: number, pid: number): Uint8Array {
  return concat(Uint8Array.of(type), u16(0xe000 | pid, 0xf000));
}

/** Version 0, current, the only section of its table. */
function section(table: number, contents: Uint8Array): Uint8Array<ArrayBuffer> {
  const version = Uint8Array.of(0xc1, 0, 0);
  const rest = concat(u16(PROGRAM), version, contents);
  const head = concat(Uint8Array.of(table), u16(0xb000 | rest.length + CRC_BYTES), rest);
  const sum = crc32(head);
  return concat(Uint8Array.of(0), head, u16(sum >>> 16, sum & 0xffff));
}

function u16(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number >> 8, number & 0xff]));
}
