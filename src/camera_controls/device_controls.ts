import { type Control, controlName, type ControlType, type MenuItem } from "./control.ts";
import {
  controlValue,
  emptyCapability,
  FLAG,
  menuQuery,
  type QueriedControl,
  queryAfter,
  readCapability,
  readControlValue,
  readMenuLabel,
  readQuery,
  TYPE,
  VIDIOC_G_CTRL,
  VIDIOC_QUERY_EXT_CTRL,
  VIDIOC_QUERYCAP,
  VIDIOC_QUERYMENU,
  VIDIOC_S_CTRL,
} from "./video4linux.ts";
import type { VideoDevice } from "./video_device.ts";

/** The most that a sane driver lists. */
const MAX_CONTROLS = 256;
const MAX_MENU = 256;

const TYPES = new Map(
  Object.entries(TYPE).map(([name, number]) => [number as number, name as ControlType]),
);

/** Returns what identifies a camera, whatever the name of its device: its model and USB port. */
export async function identify(device: VideoDevice): Promise<string> {
  const bytes = emptyCapability();
  await device.control(VIDIOC_QUERYCAP, bytes);
  const { card, bus } = readCapability(bytes);
  return `${card} ${bus}`;
}

/**
 * Lists the controls of a camera with their present values, in the driver's order. Leaves out what v4l2-ctl
 * leaves out (headings, disabled controls), and values other than one 32-bit number (text, 64-bit integers,
 * arrays).
 */
export async function listControls(device: VideoDevice): Promise<Control[]> {
  const controls: Control[] = [];
  let id = 0;
  for (let listed = 0; listed < MAX_CONTROLS; listed++) {
    const bytes = queryAfter(id);
    if (!await device.control(VIDIOC_QUERY_EXT_CTRL, bytes)) break;
    const query = readQuery(bytes);
    if (query.id <= id) break;
    id = query.id;
    const type = TYPES.get(query.type);
    if (type === undefined || query.flags & FLAG.disabled) continue;
    controls.push(await describe(device, query, type));
  }
  return controls;
}

/**
 * Sets a control.
 *
 * @param value A value in range; the driver moves it to the nearest step.
 * @returns Whether the driver accepted it.
 */
export function setControl(device: VideoDevice, id: number, value: number): Promise<boolean> {
  return device.control(VIDIOC_S_CTRL, controlValue(id, value));
}

async function describe(
  device: VideoDevice,
  { id, name, minimum, maximum, step, initial, flags, type: number }: QueriedControl,
  type: ControlType,
): Promise<Control> {
  // The driver may report a mask of all 32 bits with its sign extended.
  const limit = (number: number) => type === "bitmask" ? number >>> 0 : number;
  const isMenu = type === "menu" || type === "intmenu";
  const value = controlValue(id);
  const isRead = (flags & FLAG.writeOnly) === 0 && await device.control(VIDIOC_G_CTRL, value);
  return {
    id,
    name: controlName(name),
    title: name,
    type,
    min: minimum,
    max: limit(maximum),
    step,
    initial: limit(initial),
    value: isRead ? readControlValue(value, number) : null,
    menu: isMenu ? await menuOf(device, id, number, minimum, maximum) : [],
    inactive: (flags & FLAG.inactive) !== 0,
    readOnly: (flags & (FLAG.readOnly | FLAG.grabbed)) !== 0,
  };
}

/** Lists the items of a menu: the numbers that the driver does not refuse. */
async function menuOf(
  device: VideoDevice,
  id: number,
  type: number,
  min: number,
  max: number,
): Promise<MenuItem[]> {
  const items: MenuItem[] = [];
  for (let index = min; index <= Math.min(max, min + MAX_MENU); index++) {
    const bytes = menuQuery(id, index);
    if (!await device.control(VIDIOC_QUERYMENU, bytes)) continue;
    items.push({ value: index, label: readMenuLabel(bytes, type) });
  }
  return items;
}
