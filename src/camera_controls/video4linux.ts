/*
 * The part of linux/videodev2.h that describes, reads and sets controls. The structures are the same
 * on all 64-bit Linux, and little-endian on those that Deno runs on.
 */

/** A structure for the kernel to read or fill in. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** `_IOWR('V', number, size)` of asm-generic/ioctl.h. */
function readWrite(number: number, size: number): bigint {
  return BigInt(3) << 30n | BigInt(size) << 16n | BigInt("V".charCodeAt(0)) << 8n | BigInt(number);
}

/** `_IOR('V', number, size)`. */
function readOnly(number: number, size: number): bigint {
  return BigInt(2) << 30n | readWrite(number, size) & 0x3fff_ffffn;
}

const CAPABILITY_BYTES = 104;
const QUERY_BYTES = 232;
const MENU_BYTES = 44;
const CONTROL_BYTES = 8;
const NAME_BYTES = 32;

/** Asks for the names of a camera: `struct v4l2_capability`. */
export const VIDIOC_QUERYCAP: bigint = readOnly(0, CAPABILITY_BYTES);
/** Reads a control: `struct v4l2_control`. */
export const VIDIOC_G_CTRL: bigint = readWrite(27, CONTROL_BYTES);
/** Sets a control: `struct v4l2_control`. */
export const VIDIOC_S_CTRL: bigint = readWrite(28, CONTROL_BYTES);
/** Asks for an item of a menu: `struct v4l2_querymenu`. */
export const VIDIOC_QUERYMENU: bigint = readWrite(37, MENU_BYTES);
/** Asks for a description of a control: `struct v4l2_query_ext_ctrl`. */
export const VIDIOC_QUERY_EXT_CTRL: bigint = readWrite(103, QUERY_BYTES);

/** `V4L2_CTRL_FLAG_NEXT_CTRL`: with an id, asks for the first control with a higher id. */
export const NEXT_CONTROL = 0x8000_0000;

/** `enum v4l2_ctrl_type`: the types whose value is one 32-bit number. */
export const TYPE = { int: 1, bool: 2, menu: 3, button: 4, bitmask: 8, intmenu: 9 } as const;

/** Bits of {@linkcode QueriedControl.flags}: `V4L2_CTRL_FLAG_…`. */
export const FLAG = {
  disabled: 0x01,
  grabbed: 0x02,
  readOnly: 0x04,
  inactive: 0x10,
  writeOnly: 0x40,
} as const;

/** The part of `struct v4l2_query_ext_ctrl` in use. */
export interface QueriedControl {
  /** `V4L2_CID_…`. */
  readonly id: number;
  /** One of {@linkcode TYPE}, or a type that is not in use. */
  readonly type: number;
  /** The driver's name for it. */
  readonly name: string;
  /** The smallest value. */
  readonly minimum: number;
  /** The largest value. */
  readonly maximum: number;
  /** The distance between two values. */
  readonly step: number;
  /** The default. */
  readonly initial: number;
  /** Bits of {@linkcode FLAG}. */
  readonly flags: number;
}

/** Returns a `struct v4l2_capability` for the kernel to fill in. */
export function emptyCapability(): Bytes {
  return new Uint8Array(CAPABILITY_BYTES);
}

/** Returns the name of a camera and of the port it is plugged into, from a `struct v4l2_capability`. */
export function readCapability(bytes: Bytes): { card: string; bus: string } {
  return { card: textAt(bytes, 16, NAME_BYTES), bus: textAt(bytes, 48, NAME_BYTES) };
}

/** Returns a `struct v4l2_query_ext_ctrl` that asks for the first control with a higher id. */
export function queryAfter(id: number): Bytes {
  const bytes = new Uint8Array(QUERY_BYTES);
  view(bytes).setUint32(0, (id | NEXT_CONTROL) >>> 0, true);
  return bytes;
}

/** Returns what the kernel filled into a `struct v4l2_query_ext_ctrl`. */
export function readQuery(bytes: Bytes): QueriedControl {
  const data = view(bytes);
  return {
    id: data.getUint32(0, true),
    type: data.getUint32(4, true),
    name: textAt(bytes, 8, NAME_BYTES),
    minimum: Number(data.getBigInt64(40, true)),
    maximum: Number(data.getBigInt64(48, true)),
    step: Number(data.getBigUint64(56, true)),
    initial: Number(data.getBigInt64(64, true)),
    flags: data.getUint32(72, true),
  };
}

/** Returns a `struct v4l2_querymenu` that asks for one item of a menu. */
export function menuQuery(id: number, index: number): Bytes {
  const bytes = new Uint8Array(MENU_BYTES);
  const data = view(bytes);
  data.setUint32(0, id, true);
  data.setUint32(4, index, true);
  return bytes;
}

/** Returns the label of an item; in an integer menu, its number in decimal. */
export function readMenuLabel(bytes: Bytes, type: number): string {
  if (type === TYPE.intmenu) return String(view(bytes).getBigInt64(8, true));
  return textAt(bytes, 8, NAME_BYTES);
}

/** Returns a `struct v4l2_control`, which the kernel reads from or writes to. */
export function controlValue(id: number, value = 0): Bytes {
  const bytes = new Uint8Array(CONTROL_BYTES);
  const data = view(bytes);
  data.setUint32(0, id, true);
  data.setInt32(4, value, true);
  return bytes;
}

/** Returns the value in a `struct v4l2_control`; a bitmask's is not negative. */
export function readControlValue(bytes: Bytes, type: number): number {
  const value = view(bytes).getInt32(4, true);
  return type === TYPE.bitmask ? value >>> 0 : value;
}

function view({ buffer, byteOffset, byteLength }: Bytes): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Returns the text of a field, up to the first zero byte. */
function textAt(bytes: Bytes, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end)).trim();
}
