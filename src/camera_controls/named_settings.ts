import { UserError } from "../errors.ts";
import { type Control, valueProblem } from "./control.ts";
import { listControls, setControl } from "./device_controls.ts";
import type { VideoDevice } from "./video_device.ts";

/** Why nothing can be listed or set. */
export const NO_CONTROLS = "This camera has no controls";

/**
 * Sets a control that is known by its name.
 *
 * @param controls What the camera has.
 * @throws {UserError} There is no such control or value, or the camera refuses it.
 */
export async function setByName(
  device: VideoDevice,
  controls: readonly Control[],
  name: string,
  value: number,
): Promise<Control> {
  const control = controls.find((control) => control.name === name);
  if (control === undefined) {
    if (controls.length === 0) throw new UserError(NO_CONTROLS);
    const names = controls.map((control) => control.name).join(", ");
    throw new UserError(`No camera control is named ${JSON.stringify(name)}; there are: ${names}`);
  }
  const problem = valueProblem(control, value);
  if (problem !== null) throw new UserError(problem);
  if (await setControl(device, control.id, value)) return control;
  throw new UserError(
    control.inactive
      ? `Camera control ${name} is inactive: turn off the automatic control that takes its place`
      : `The camera refused to set ${name} to ${value}`,
  );
}

/**
 * Sets controls in whatever order the camera takes them: one may be inactive until another is set.
 *
 * @returns What was set, as `name=value`, and why the rest was not, by name.
 */
export async function setAll(
  device: VideoDevice,
  settings: ReadonlyMap<string, number>,
): Promise<{ done: string[]; problems: Map<string, string> }> {
  const done: string[] = [];
  const problems = new Map<string, string>();
  let before: number;
  do {
    before = done.length;
    const controls = await listControls(device);
    for (const [name, value] of settings) {
      if (before > 0 && !problems.has(name)) continue;
      problems.delete(name);
      try {
        await setByName(device, controls, name, value);
        done.push(`${name}=${value}`);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.set(name, error.message);
      }
    }
  } while (done.length > before && problems.size > 0);
  return { done, problems };
}
