/** The type of a control, as v4l2-ctl names it. */
export type ControlType = "int" | "bool" | "menu" | "intmenu" | "button" | "bitmask";

/** One choice of a menu. */
export interface MenuItem {
  /** Its number. */
  readonly value: number;
  /** Its text, such as `50 Hz`; the number itself in an integer menu. */
  readonly label: string;
}

/** A setting of the camera itself, such as its brightness, as the driver describes it. */
export interface Control {
  /** The driver's number for it, `V4L2_CID_…`. */
  readonly id: number;
  /** v4l2-ctl's name for it: `white_balance_automatic`. */
  readonly name: string;
  /** The driver's name for it: `White Balance, Automatic`. */
  readonly title: string;
  /** What kind of value it has. */
  readonly type: ControlType;
  /** The smallest value. */
  readonly min: number;
  /** The largest value; of a bitmask, every bit that may be set. */
  readonly max: number;
  /** The distance between two values. */
  readonly step: number;
  /** The default. */
  readonly initial: number;
  /** The present value; `null` if it cannot be read, as for a button. */
  readonly value: number | null;
  /** The items of a menu, which may skip numbers; empty for other types. */
  readonly menu: readonly MenuItem[];
  /** Whether it has no effect for now, as another control overrides it. */
  readonly inactive: boolean;
  /** Whether it cannot be changed at all, or not while another program uses it. */
  readonly readOnly: boolean;
}

/** A control and the value to set. */
export interface ControlSetting {
  /** v4l2-ctl's name for the control. */
  readonly name: string;
  /** The value. */
  readonly value: number;
}

/** The controls of the current source, or why there are none. */
export interface ControlList {
  /** Why there are none, in a sentence; `null` if there are some. */
  readonly reason: string | null;
  /** The controls, in the driver's order. */
  readonly controls: readonly Control[];
}

/**
 * Returns v4l2-ctl's name for a control: lower case, with `_` for anything but letters and digits. `White Balance, Automatic` → `white_balance_automatic`.
 */
export function controlName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

/**
 * Returns why a control cannot have a value, in a sentence; `null` if it can. A value between two steps is
 * fine: the driver takes the nearest step.
 */
export function valueProblem(control: Control, value: number): string | null {
  const { name, type, min, max, menu, readOnly } = control;
  if (readOnly) return `Camera control ${name} is read-only`;
  const refused = (takes: string) => `Camera control ${name} must be ${takes}: ${value}`;
  switch (type) {
    case "button":
      return null;
    case "bool":
      return value === 0 || value === 1 ? null : refused("0 (off) or 1 (on)");
    case "menu":
    case "intmenu":
      return menu.some((item) => item.value === value)
        ? null
        : refused(menu.map((item) => `${item.value} (${item.label})`).join(", "));
    case "bitmask":
      return value >= 0 && (value & ~max) === 0 && value <= max
        ? null
        : refused(`bits of 0x${max.toString(16)}`);
    case "int":
      return value >= min && value <= max ? null : refused(`a whole number from ${min} to ${max}`);
  }
}
