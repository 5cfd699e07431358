import type { FakeCamera } from "../support/fake_camera.ts";

/** Seconds on the clock of a soak: something was broken, until all was as before. */
export interface FaultTime {
  readonly name: string;
  readonly from: number;
  to: number;
}

export interface FaultsOptions {
  readonly camera: FakeCamera;
  readonly origin: string;
  readonly adminToken: string;
  /** Seconds on the clock of the soak. */
  readonly now: () => number;
}

/** How long something stays broken. Milliseconds. */
const BROKEN_MS = 3_000;

/** A camera that stalls is found out after 5 s. */
const STALLED_MS = 7_000;

/** How long it may take until all is well again. Milliseconds. */
const RECOVERY_MS = 20_000;

/** What is as before needs a moment more: rates are measured over it. Milliseconds. */
const GRACE_MS = 2_000;

/** Breaks what can be broken from outside, one thing after another. */
export class Faults {
  /** Those that were made, oldest first. */
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
          await this.#order("/admin/source", { source: "test" });
          await delay(BROKEN_MS);
          await this.#order("/admin/source", { source: camera.device });
        },
      },
      {
        name: "off air",
        make: async () => {
          await this.#order("/admin/on-air", { onAir: false });
          await delay(BROKEN_MS);
          await this.#order("/admin/on-air", { onAir: true });
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

  /** How many there are. */
  get count(): number {
    return this.#all.length;
  }

  /** Makes one of them, and waits until all is well again. */
  async make(index: number): Promise<void> {
    const { name, make } = this.#all[index % this.count];
    const time = { name, from: this.#options.now(), to: Infinity };
    this.times.push(time);
    await make();
    const end = performance.now() + RECOVERY_MS;
    while (!await this.#isWell()) {
      if (performance.now() > end) throw new Error(`Not well ${RECOVERY_MS} ms after: ${name}`);
      await delay(100);
    }
    await delay(GRACE_MS);
    time.to = this.#options.now();
  }

  async #isWell(): Promise<boolean> {
    // A killed ffmpeg is not missed at once.
    await delay(200);
    const response = await fetch(`${this.#options.origin}/healthz`);
    const { live, onAir } = await response.json();
    return live && onAir;
  }

  async #order(path: string, body: object): Promise<void> {
    const { origin, adminToken } = this.#options;
    const response = await fetch(origin + path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${adminToken}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} gave ${response.status}: ${text}`);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
