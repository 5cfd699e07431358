import { messageOf, UserError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import type { Control, ControlList, ControlSetting } from "./control.ts";
import { identify, listControls, setControl } from "./device_controls.ts";
import { NO_CONTROLS, setAll, setByName } from "./named_settings.ts";
import { VideoDevice } from "./video_device.ts";

const NO_ANSWER = "The camera does not respond. Unplug it and plug it in again";

/** The time limit of a call: a working camera needs less, a broken one 5 s for each control. Milliseconds. */
const ANSWER_MS = 15_000;

/** Options of {@linkcode CameraControls}. */
export interface CameraControlsOptions {
  /** Returns the device of the current source, such as `/dev/video0`; `null` if it is no local camera. */
  readonly device: () => string | null;
  /** What `--control` sets on every camera; of a name given twice, the last counts. */
  readonly wanted: readonly ControlSetting[];
  /** Where to report what was set. */
  readonly log: Logger;
  /** The operating system. Default: this one. */
  readonly system?: typeof Deno.build.os;
  /** The C library. Default: the system's. */
  readonly library?: string;
  /** The time limit of a call, in milliseconds. Default: 15 s. */
  readonly answerMs?: number;
}

/**
 * Lists and sets the controls of the current source's camera, and sets them again whenever that camera
 * starts to stream, as USB cameras forget them when they are unplugged.
 *
 * Remembers the streamer's changes to each camera until the program ends.
 */
export class CameraControls {
  readonly #options: CameraControlsOptions;
  readonly #wanted: ReadonlyMap<string, number>;
  /** The streamer's changes, by camera. */
  readonly #changes = new Map<string, Map<string, number>>();
  /** The device that streams; `null` while another kind of source does, `undefined` while none does. */
  #streaming: string | null | undefined = undefined;
  /** Settles when the last call so far has ended or takes too long: calls take turns. */
  #queue: Promise<unknown> = Promise.resolve();
  /** The devices whose driver does not answer: another call would block another thread. */
  readonly #silent = new Set<string>();

  /** Creates one that has called no camera yet. */
  constructor(options: CameraControlsOptions) {
    this.#options = options;
    this.#wanted = new Map(options.wanted.map(({ name, value }) => [name, value]));
  }

  /** Lists the controls with their present values. */
  list(): Promise<ControlList> {
    return this.#enqueue(async () => {
      await using device = await this.#open();
      return await listOf(device);
    }).catch((error) => {
      if (error instanceof UserError) return { reason: error.message, controls: [] };
      throw error;
    });
  }

  /**
   * Sets a control and lists them all, as setting one may change others.
   *
   * @throws {UserError} The control or the value does not exist, or the camera refuses it.
   */
  set({ name, value }: ControlSetting): Promise<ControlList> {
    return this.#enqueue(async () => {
      await using device = await this.#open();
      const control = await setByName(device, await listControls(device), name, value);
      if (control.type !== "button") (await this.#changesOf(device)).set(name, value);
      return await listOf(device);
    });
  }

  /**
   * Sets all controls to their defaults and lists them. An inactive control keeps its value.
   *
   * @throws {UserError} The source is no camera with controls.
   */
  reset(): Promise<ControlList> {
    return this.#enqueue(async () => {
      await using device = await this.#open();
      const changes = await this.#changesOf(device);
      changes.clear();
      const controls = (await listControls(device)).filter((control) => isResettable(control));
      // Switches and menus last: one of them may make a number inactive.
      const isNumber = ({ type }: Control) => Number(type === "int");
      controls.sort((one, other) => isNumber(other) - isNumber(one));
      for (const { id, name, value, initial } of controls) {
        if (value !== initial) await setControl(device, id, initial);
        if (this.#wanted.has(name)) changes.set(name, initial);
      }
      return await listOf(device);
    });
  }

  /**
   * Applies `--control` and the streamer's changes each time a camera starts to stream.
   *
   * @param isStreaming Whether frames of the current source flow. Call this on every change.
   */
  follow(isStreaming: boolean): void {
    const device = isStreaming ? this.#options.device() : undefined;
    if (device === this.#streaming) return;
    this.#streaming = device;
    if (device === undefined) return;
    const hasChanges = device !== null && this.#changes.size > 0;
    if (this.#wanted.size === 0 && !hasChanges) return;
    const { log } = this.#options;
    const cause = this.#wanted.size > 0 ? " (--control)" : "";
    this.#enqueue(() => this.#apply())
      .catch((error) => log.warn(`${messageOf(error)}${cause}`));
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(() => this.#limit(task()));
    this.#queue = done.catch(() => {});
    return done;
  }

  /** Waits for a call; if it takes too long, gives the device up until its driver answers. */
  async #limit<T>(call: Promise<T>): Promise<T> {
    const { device, answerMs = ANSWER_MS } = this.#options;
    const path = device();
    const { promise: late, reject } = Promise.withResolvers<never>();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (path !== null) this.#silent.add(path);
      reject(new UserError(NO_ANSWER));
    }, answerMs);
    const ended = call.finally(() => {
      clearTimeout(timer);
      if (isLate && path !== null) this.#silent.delete(path);
    });
    return await Promise.race([ended, late]);
  }

  async #open(): Promise<VideoDevice> {
    const { device, system = Deno.build.os, library } = this.#options;
    if (system !== "linux") throw new UserError("Camera controls are only available on Linux");
    const path = device();
    if (path === null) throw new UserError("Only a camera connected to this machine has controls");
    if (this.#silent.has(path)) throw new UserError(NO_ANSWER);
    return await VideoDevice.open(path, library);
  }

  async #changesOf(device: VideoDevice): Promise<Map<string, number>> {
    const camera = await identify(device);
    const changes = this.#changes.get(camera) ?? new Map<string, number>();
    this.#changes.set(camera, changes);
    return changes;
  }

  async #apply(): Promise<void> {
    const { log } = this.#options;
    await using device = await this.#open();
    const changes = await this.#changesOf(device);
    const { done, problems } = await setAll(device, new Map([...this.#wanted, ...changes]));
    if (done.length > 0) log.info(`Camera controls set: ${done.join(", ")}`);
    for (const [name, problem] of problems) {
      // A control that was changed in the studio may have become inactive since: no reason to warn.
      if (changes.has(name)) log.debug(problem);
      else log.warn(`${problem} (--control)`);
    }
  }
}

async function listOf(device: VideoDevice): Promise<ControlList> {
  const controls = await listControls(device);
  return { reason: controls.length === 0 ? NO_CONTROLS : null, controls };
}

function isResettable({ type, readOnly, inactive }: Control): boolean {
  return type !== "button" && !readOnly && !inactive;
}
