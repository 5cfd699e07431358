import { setTimeout as delay } from "node:timers/promises";
import type { FakeCamera } from "../support/fake_camera.ts";
import { administer } from "../support/requests.ts";
import { until } from "../support/until.ts";

/** The time from a fault to full recovery, in seconds of the soak. */
export interface FaultTime {
  readonly name: string;
  readonly from: number;
  to: number;
}

export interface FaultsOptions {
  readonly camera: FakeCamera;
  readonly origin: string;
  /** Seconds since the start of the soak. */
  readonly now: () => number;
}

/** How long a fault lasts. Milliseconds. */
const BROKEN_MS = 3_000;

/** A stalled camera is detected after 5 s. */
const STALLED_MS = 7_000;

/** Maximum time to recover. Milliseconds. */
const RECOVERY_MS = 20_000;

/** Extra time after recovery, over which rates are measured. Milliseconds. */
const GRACE_MS = 2_000;

/** Causes every fault that can be caused from outside, one after another. */
export class Faults {
  /** Faults so far, oldest first. */
  readonly times: FaultTime[] = [];
  readonly #options: FaultsOptions;
  readonly #all: readonly { readonly name: string; readonly make: () => Promise<void> }[];

  constructor(options: FaultsOptions) {
    this.#options = options;
    const { camera } = options;
    this.#all = [
      {
        name: "unplugged",
        make: async () => {
          await camera.unplug();
          await delay(BROKEN_MS);
          await camera.plugIn();
        },
      },
      {
        name: "ffmpeg killed",
        make: async () => Deno.kill((await camera.pids()).at(-1)!, "SIGKILL"),
      },
      {
        name: "other source",
        make: async () => {
          await administer(options, "source", { source: "test" });
          await delay(BROKEN_MS);
          await administer(options, "source", { source: camera.device });
        },
      },
      {
        name: "off air",
        make: async () => {
          await administer(options, "on-air", { onAir: false });
          await delay(BROKEN_MS);
          await administer(options, "on-air", { onAir: true });
        },
      },
      {
        name: "stalled",
        make: async () => {
          await camera.stall();
          await delay(STALLED_MS);
          await camera.unstall();
        },
      },
    ];
  }

  /** Number of kinds of fault. */
  get count(): number {
    return this.#all.length;
  }

  /** Causes one fault, and waits for the recovery. */
  async make(index: number): Promise<void> {
    const { name, make } = this.#all[index % this.count];
    const time = { name, from: this.#options.now(), to: Infinity };
    this.times.push(time);
    await make();
    const isWell = () => this.#isWell();
    await until(`the recovery: ${name}`, isWell, Boolean, { timeout: RECOVERY_MS });
    await delay(GRACE_MS);
    time.to = this.#options.now();
  }

  async #isWell(): Promise<boolean> {
    // The server needs a moment to notice a killed ffmpeg.
    await delay(200);
    const response = await fetch(`${this.#options.origin}/healthz`);
    const { live, onAir } = await response.json();
    return live && onAir;
  }
}
