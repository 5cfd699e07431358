import { UserError } from "../errors.ts";
import { type Control, valueProblem } from "./control.ts";
import { listControls, setControl } from "./device_controls.ts";
import type { VideoDevice } from "./video_device.ts";

/** The reason for an empty list of controls. */
export const NO_CONTROLS = "This camera has no controls";

/**
 * Sets a control by its name.
 *
 * @param controls The controls of the camera.
 * @throws {UserError} The control or the value does not exist, or the camera refuses it.
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
    throw new UserError(`Unknown camera control ${JSON.stringify(name)}. Available: ${names}`);
  }
  const problem = valueProblem(control, value);
  if (problem !== null) throw new UserError(problem);
  if (await setControl(device, control.id, value)) return control;
  throw new UserError(
    control.inactive
      ? `Camera control ${name} is inactive: turn off the automatic control that overrides it`
      : `The camera refused to set ${name} to ${value}`,
  );
}

/**
 * Sets controls in whatever order the camera accepts: one may be inactive until another is set.
 *
 * @returns The controls that were set, as `name=value`, and by name why the others were not.
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
