/** What a control sets, by the names that v4l2-ctl gives the types. */
export type ControlType = "int" | "bool" | "menu" | "intmenu" | "button" | "bitmask";

/** One choice of a menu. */
export interface MenuItem {
  readonly value: number;
  /** `50 Hz`; the number itself in an integer menu. */
  readonly label: string;
}

/** A setting of the camera itself, such as its brightness, as the driver describes it. */
export interface Control {
  /** The driver's number, `V4L2_CID_…`. */
  readonly id: number;
  /** v4l2-ctl's name: `white_balance_automatic`. */
  readonly name: string;
  /** The driver's name: `White Balance, Automatic`. */
  readonly title: string;
  readonly type: ControlType;
  /** The smallest and largest value; a bitmask's largest has every bit that may be set. */
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly initial: number;
  /** `null` where it cannot be read, as that of a button. */
  readonly value: number | null;
  /** The choices of a menu, which may skip numbers; empty for other types. */
  readonly menu: readonly MenuItem[];
  /** Whether it has no effect for now, as another control takes care of it. */
  readonly inactive: boolean;
  /** Whether it only shows something, or another program keeps it from being changed. */
  readonly readOnly: boolean;
}

/** A control and what it is to be set to. */
export interface ControlSetting {
  readonly name: string;
  readonly value: number;
}

/** The controls of the current source, or why there are none. */
export interface ControlList {
  readonly reason: string | null;
  readonly controls: readonly Control[];
}

/**
 * Returns v4l2-ctl's name of a control: lower case, `_` for whatever stands between letters and
 * digits. `White Balance, Automatic` → `white_balance_automatic`.
 */
export function controlName(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

/**
 * Returns why a control cannot have a value, as a sentence; `null` if it can. A value between two
 * steps is fine: the driver takes the nearest.
 */
export function valueProblem(control: Control, value: number): string | null {
  const { name, type, min, max, menu, readOnly } = control;
  if (readOnly) return `Camera control ${name} is read-only`;
  const refused = (takes: string) => `Camera control ${name} takes ${takes}: ${value}`;
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
