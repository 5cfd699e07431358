import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { PublishProgress } from "../publisher/progress.ts";
import type { Publication, PublicationStatus } from "../publisher/publication.ts";
import type { Hls } from "./hls.ts";
import type { HlsStore } from "./store.ts";

/** The rate is that of so long. Milliseconds. */
const RATE_MS = 2_000;

/** What an upload is built with. */
export interface HlsUploadOptions {
  /** What is uploaded. */
  readonly hls: Hls;
  /** Where to. */
  readonly store: HlsStore;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** The files that make up the newest state. */
interface Files {
  /** By name: segments and what they need. */
  readonly media: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** By name. */
  readonly playlists: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Names that players may still ask for. */
  readonly kept: ReadonlySet<string>;
}

/**
 * Publishes HLS as plain files. Files come before the playlists that name them. What could not be uploaded in time is
 * left out: each round begins with the newest state.
 */
export class HlsUpload implements Publication {
  readonly #options: HlsUploadOptions;
  readonly #progress: PublishProgress;
  /** What the store has of this run: of playlists, what they say. `null` for what it may have lost. */
  readonly #uploaded = new Map<string, Uint8Array<ArrayBuffer> | null>();
  #release: (() => void) | null = null;
  #forget: (() => void) | null = null;
  #round: Promise<void> | null = null;
  #isStale = false;
  #rate = { kbps: 0, bytes: 0, since: 0 };

  /** Uploads nothing yet. */
  constructor(options: HlsUploadOptions) {
    this.#options = options;
    this.#progress = new PublishProgress({ ...options, name: options.store.name });
  }

  get name(): string {
    return this.#options.store.name;
  }

  get status(): PublicationStatus {
    return this.#progress.status(this.#options.hls.problem, this.#rate.kbps);
  }

  start(): void {
    if (!this.#isOff) return;
    this.#release = this.#options.hls.hold();
    this.#forget = this.#options.hls.onChange(() => this.#upload());
    this.#progress.connect();
    this.#upload();
  }

  stop(): void {
    if (this.#isOff) return;
    this.#release?.();
    this.#forget?.();
    this.#progress.stop();
  }

  tick(): void {
    const now = this.#options.clock.monotonic();
    if (this.#progress.isDue) {
      this.#progress.connect();
      this.#upload();
    }
    const elapsed = now - this.#rate.since;
    if (elapsed < RATE_MS) return;
    this.#rate = { kbps: Math.round(this.#rate.bytes * 8 / elapsed), bytes: 0, since: now };
  }

  /** Ends for good; settles when nothing is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.#round;
    this.#options.store.close();
  }

  /** Whether it was switched off, perhaps during a round. */
  get #isOff(): boolean {
    return this.#progress.state === "off";
  }

  /** Begins a round, unless one is under way, after which another one follows. */
  #upload(): void {
    this.#isStale = true;
    if (this.#isOff || this.#progress.state === "waiting") return;
    this.#round ??= this.#work().finally(() => this.#round = null);
  }

  async #work(): Promise<void> {
    try {
      while (this.#isStale && !this.#isOff) {
        this.#isStale = false;
        await this.#uploadNewest();
      }
    } catch (error) {
      if (!this.#isOff) this.#failed(messageOf(error));
    }
  }

  async #uploadNewest(): Promise<void> {
    const { media, playlists, kept } = filesOf(this.#options.hls);
    if (playlists.size === 0) return;
    await this.#putAll([...media].filter(([name]) => !this.#uploaded.get(name)));
    if (this.#isOff) return;
    const changed = [...playlists].filter(([name, bytes]) =>
      !isSame(this.#uploaded.get(name), bytes)
    );
    await this.#putAll(changed);
    if (this.#isOff) return;
    if (this.#progress.state === "connecting") this.#progress.works();
    for (const name of [...this.#uploaded.keys()]) {
      if (kept.has(name) || playlists.has(name)) continue;
      if (this.#isOff) return;
      await this.#options.store.remove(name);
      this.#uploaded.delete(name);
    }
  }

  async #putAll(files: readonly (readonly [string, Uint8Array<ArrayBuffer>])[]): Promise<void> {
    const puts = files.map(async ([name, bytes]) => {
      await this.#options.store.put(name, bytes);
      // Only what playlists say is compared.
      this.#uploaded.set(name, name.endsWith(".m3u8") ? bytes : new Uint8Array());
      this.#rate.bytes += bytes.length;
    });
    // What is still under way must not come after what the next try sends.
    for (const result of await Promise.allSettled(puts)) {
      if (result.status === "rejected") throw result.reason;
    }
  }

  #failed(reason: string): void {
    // A server that was started again may be empty.
    for (const name of this.#uploaded.keys()) this.#uploaded.set(name, null);
    this.#progress.failed(reason);
  }
}

/** Returns the newest state of HLS as plain files; without playlists if there is none yet. */
function filesOf(hls: Hls): Files {
  const media = new Map<string, Uint8Array<ArrayBuffer>>();
  const playlists = new Map<string, Uint8Array<ArrayBuffer>>();
  const kept = new Set<string>();
  for (const { name, names, window, plainPlaylist } of hls.renditions) {
    if (window.count === 0) continue;
    for (const { sequence, data, initialization, initializationNumber } of window.listed) {
      if (data === null) continue;
      media.set(names.initialization(initializationNumber), initialization.data);
      media.set(names.segment(sequence), data);
    }
    for (const { sequence, initializationNumber } of window.fetchable) {
      kept.add(names.segment(sequence)).add(names.initialization(initializationNumber));
    }
    playlists.set(`${name}.m3u8`, plainPlaylist);
  }
  if (playlists.size > 0) {
    playlists.set("live.m3u8", new TextEncoder().encode(hls.steadyMultivariant));
  }
  return { media, playlists, kept };
}

function isSame(one: Uint8Array | null | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((byte, index) => byte === other[index]);
}
