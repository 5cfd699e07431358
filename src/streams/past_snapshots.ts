import { BoundedMap } from "../bounded_map.ts";
import { pictureSize, type Size } from "../media/jpeg/size.ts";
import { frameOf } from "../media/packet.ts";
import { type Rendition, SOURCE } from "../media/rendition.ts";
import type { Transcoder } from "./part_maker.ts";
import type { Past, PastFrame } from "./past.ts";

/** A frame of the past in some rendition. */
export interface PastSnapshot {
  /** Wall time when it was captured, milliseconds since the Unix epoch. */
  readonly at: number;
  /** The JPEG. */
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/** What snapshots of the past are built with. */
export interface PastSnapshotsOptions {
  /** Whose frames are given. */
  readonly past: Pick<Past, "events" | "frameAt" | "read">;
  /** Makes renditions. */
  readonly transcoder: Transcoder;
}

/** The most snapshots that are kept, and their bytes: thumbnails have about 5 kB. */
const MAX_KEPT = 256;
const MAX_KEPT_BYTES = 4 << 20;

/** The most that wait to be made: a few viewers who look along their bars. */
const MAX_WAITING = 32;

/** Names their jobs among those of the streams. */
const STREAM = "snapshots of the past";

/** Gives single frames of the past in any rendition, one made after the other, behind what is live. */
export class PastSnapshots {
  readonly #past: PastSnapshotsOptions["past"];
  readonly #transcoder: Transcoder;
  readonly #kept = new BoundedMap<string, PastSnapshot>(MAX_KEPT);
  #keptBytes = 0;
  /** Those that are being made, or wait for that. */
  readonly #making = new Map<string, Promise<PastSnapshot | null>>();
  #turn: Promise<unknown> = Promise.resolve();
  #sequence = 0;

  /** Keeps no snapshot yet. */
  constructor({ past, transcoder }: PastSnapshotsOptions) {
    this.#past = past;
    this.#transcoder = transcoder;
    past.events.on("clear", () => this.#forgetDownTo(0));
  }

  /**
   * Returns the frame of a wall time.
   *
   * @param renditionOf Returns the rendition to give, by the size of the frame that is kept.
   * @returns `null` if there is none; `"busy"` if too many wait.
   */
  async take(
    at: number,
    renditionOf: (size: Size | null) => Rendition,
  ): Promise<PastSnapshot | null | "busy"> {
    const frame = this.#past.frameAt(at);
    const jpeg = frame && await this.#past.read(frame);
    if (!jpeg) return null;
    const rendition = renditionOf(pictureSize(jpeg));
    if (rendition === SOURCE) return { at: frame.at, jpeg };
    const { quality, scale, filter } = rendition;
    const key = [frame.index, quality, scale, filter].join(" ");
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const making = this.#making.get(key);
    if (making) return await making;
    if (this.#making.size >= MAX_WAITING) return "busy";
    const turn = this.#turn.then(() => this.#make(frame, jpeg, rendition));
    this.#turn = turn;
    this.#making.set(key, turn);
    const made = await turn;
    this.#making.delete(key);
    if (made) this.#keep(key, made);
    return made;
  }

  /** Makes a rendition; where that fails, gives the frame as it is. */
  #make(
    { at }: PastFrame,
    jpeg: Uint8Array<ArrayBuffer>,
    rendition: Rendition,
  ): Promise<PastSnapshot> {
    return new Promise((resolve) => {
      const settle = (jpeg: Uint8Array<ArrayBuffer>) => resolve({ at, jpeg });
      this.#transcoder.transcode({
        stream: STREAM,
        frame: frameOf(jpeg, ++this.#sequence, at),
        isDeferred: true,
        renditions: [rendition],
        least: 1,
        onOutput: (_, made) => settle(made),
        onFailure: () => settle(jpeg),
      }).then(() => settle(jpeg));
    });
  }

  #keep(key: string, snapshot: PastSnapshot): void {
    const [, forgotten] = this.#kept.set(key, snapshot) ?? [];
    this.#keptBytes += snapshot.jpeg.length - (forgotten?.jpeg.length ?? 0);
    this.#forgetDownTo(MAX_KEPT_BYTES);
  }

  #forgetDownTo(bytes: number): void {
    for (const [key, { jpeg }] of this.#kept) {
      if (this.#keptBytes <= bytes) return;
      this.#kept.delete(key);
      this.#keptBytes -= jpeg.length;
    }
  }
}
