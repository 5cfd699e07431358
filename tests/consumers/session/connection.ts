import { frameOf } from "../../../src/media/packet.ts";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { Probes } from "../../../src/consumers/session/probes.ts";
import { encodePart } from "../../../src/media/multipart.ts";
import { type Quality, type Rendition, SOURCE } from "../../../src/media/rendition.ts";
import { DEFAULT_CHOICES } from "../../../src/consumers/session/choices.ts";
import { Session } from "../../../src/consumers/session/session.ts";
import { type VideoChoice, VideoOffers } from "../../../src/consumers/session/video_offer.ts";
import { NO_VIDEO, type VideoTracks } from "../../../src/streams/video.ts";
import type { Choices } from "../../../src/live_messages.ts";
import { FakeTime } from "../../support/fake_time.ts";

/** Who acknowledges what has arrived. */
export const EVIDENCES = ["page", "kernel", "pull"] as const;
export type Evidence = (typeof EVIDENCES)[number];

interface Moment {
  readonly sequence: number;
  readonly at: number;
}

export interface ConnectionOptions {
  readonly fps?: number;
  readonly bits?: number;
  /** Whether the connection carries other answers, too. */
  readonly isShared?: boolean;
  /** What there is of H.264, for a page that can play it; none by default. */
  readonly video?: VideoTracks;
  /** When to send it. Default: "auto". */
  readonly codec?: VideoChoice;
  /** Default: none but that the body is read. */
  readonly evidence?: Evidence;
  /**
   * How long the page's device takes to paint one picture, in milliseconds: always the newest one
   * that arrived; such a page reports arrivals, too. Default: it paints at once and reports only that.
   */
  readonly paintTakes?: number;
  /** Bytes a second that the link carries. Default: no limit. */
  readonly capacity?: number;
  /** Bytes that the kernel takes before the body waits. Default: 200,000. */
  readonly buffer?: number;
}

/** A part as it came out of the body. */
export interface ReceivedPart {
  readonly at: number;
  readonly sequence: number;
  readonly quality: string;
  /** Content-Length. */
  readonly length: number;
  /** All bytes: headers, picture, padding, boundary. */
  readonly bytes: Uint8Array;
}

/** Bytes of a frame of the camera. */
export const SOURCE_BYTES = 60_000;
const CAMERA_FPS = 30;
/** How often a page reports, and how often the kernel is asked. Milliseconds. */
const REPORTS_EVERY_MS = 100;
/** How often the kernel is polled for a narrow link, as poll_interval.ts has it. Milliseconds. */
const POLLED_EVERY_MS = 50;

/** A session before which time, camera and link are the test's. */
export class Connection implements AsyncDisposable {
  readonly time = new FakeTime();
  readonly ladder = new Ladder();
  readonly session: Session;
  /** What came out of the body after the opening, oldest first. */
  readonly parts: ReceivedPart[] = [];
  choices: Choices = DEFAULT_CHOICES;
  gaming: Quality = 40;
  capacity: number;
  /** How often the session reported its end. */
  ends = 0;
  opening = "";
  sequence = 0;
  isOver = false;
  failure: unknown;
  readonly #options: ConnectionOptions;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #reading = false;
  #nextFrame = 0;
  #taken = 0;
  #arrived = 0;
  /** The newest part that arrived, the one that is being painted, and what is still to be reported. */
  #arrivedPart: Moment | null = null;
  #painting: Moment | null = null;
  #reported = 0;
  #unreported: { readonly painted: Moment; readonly came: Moment } | null = null;
  /** Parts on their way, with the bytes taken up to their ends. */
  readonly #underWay: { readonly sequence: number; readonly end: number }[] = [];

  constructor(options: ConnectionOptions = {}) {
    const { fps, bits, evidence, capacity = Infinity } = options;
    this.#options = options;
    this.capacity = capacity;
    this.ladder.measured(SOURCE, SOURCE_BYTES, 0);
    const gaming = () => this.gaming;
    this.session = new Session({
      id: "someone",
      page: evidence === "page" ? "a page's" : null,
      choices: () => this.choices,
      conditions: {
        ladder: this.ladder,
        probes: new Probes(),
        video: new VideoOffers(options.video ?? NO_VIDEO, { isFlowing: true }),
        fps: CAMERA_FPS,
        get gaming() {
          return gaming();
        },
      },
      fps,
      bits,
      isShared: options.isShared,
      ...(options.video && { video: options.codec ?? "auto" }),
      clock: { wall: () => Date.now(), monotonic: () => this.time.now },
      onEnd: () => this.ends++,
    });
    this.#reader = this.session.body.getReader();
  }

  /** Gives the session a new frame. */
  deliver(sequence: number, rendition: Rendition = SOURCE, bytes = 10): void {
    const frame = frameOf(new Uint8Array(), sequence, Date.now());
    this.session.deliver(encodePart(frame, rendition, new Uint8Array(bytes).fill(1)));
  }

  /** Lets time go by without a camera; the link goes on. */
  async pass(milliseconds: number): Promise<void> {
    for (let i = 0; i < milliseconds; i++) await this.#step();
  }

  /** Lets the camera run for so long: each frame is given as a stream does. */
  async run(milliseconds: number): Promise<void> {
    for (let i = 0; i < milliseconds; i++) {
      if (this.time.now >= this.#nextFrame) {
        this.#nextFrame = Math.max(this.#nextFrame, this.time.now - 1) + 1000 / CAMERA_FPS;
        this.sequence++;
        const rendition = this.session.decide();
        if (rendition) {
          this.deliver(this.sequence, rendition, Math.round(this.ladder.bytesOf(rendition)));
        }
      }
      await this.#step();
    }
  }

  /** Bits a second that came out of the body from then on. */
  bitsSince(at: number): number {
    const bytes = this.parts.filter((part) => part.at >= at).reduce(
      (sum, part) => sum + part.bytes.length,
      0,
    );
    return bytes * 8000 / (this.time.now - at);
  }

  async #step(): Promise<void> {
    this.#carry();
    this.#inform();
    this.#read();
    this.time.tick(1);
    await settle();
  }

  #carry(): void {
    this.#arrived = Math.min(this.#taken, this.#arrived + this.capacity / 1000);
    while (this.#underWay.length > 0 && this.#underWay[0].end <= this.#arrived) {
      this.#arrivedPart = { sequence: this.#underWay.shift()!.sequence, at: this.time.now };
    }
    this.#paint();
  }

  #inform(): void {
    const { evidence } = this.#options;
    if (evidence === "page" && this.time.now % REPORTS_EVERY_MS === 0) this.#report();
    if (evidence === "kernel" && this.time.now % POLLED_EVERY_MS === 0) {
      const { traffic } = this.session;
      const { written } = traffic;
      const queued = Math.round(written - this.#arrived);
      const acknowledged = 300 + written - queued;
      const roundTrip = 2 + queued * 1000 / this.capacity;
      const socket = { queued, unsent: 0, acknowledged, roundTrip, shortestRoundTrip: 1 };
      traffic.acknowledgeByKernel(socket, this.time.now);
    }
  }

  #paint(): void {
    const { paintTakes = 0 } = this.#options;
    const now = this.time.now;
    if (this.#painting && now - this.#painting.at >= paintTakes) {
      const painted = { sequence: this.#painting.sequence, at: now };
      this.#unreported = { painted, came: this.#arrivedPart! };
      this.#painting = null;
    }
    const last = this.#unreported?.painted.sequence ?? this.#reported;
    if (!this.#painting && this.#arrivedPart && this.#arrivedPart.sequence > last) {
      this.#painting = { sequence: this.#arrivedPart.sequence, at: now };
    }
  }

  #report(): void {
    if (!this.#unreported) return;
    const { painted, came } = this.#unreported;
    const now = this.time.now;
    this.#unreported = null;
    this.#reported = painted.sequence;
    const arrived = { sequence: came.sequence, ago: now - came.at };
    this.session.traffic.acknowledgePage({
      sequence: painted.sequence,
      ago: now - painted.at,
      ...(this.#options.paintTakes !== undefined && { arrived }),
    });
  }

  #read(): void {
    const { buffer = 200_000 } = this.#options;
    if (this.#reading || this.isOver || this.#taken - this.#arrived > buffer) return;
    this.#reading = true;
    this.#reader.read().then(({ done, value }) => {
      this.#reading = false;
      if (done) this.isOver = true;
      else this.#take(value);
    }, (error) => {
      this.isOver = true;
      this.failure = error;
    });
  }

  #take(bytes: Uint8Array): void {
    const text = new TextDecoder("latin1").decode(bytes.subarray(0, 300));
    if (this.opening === "") {
      this.opening = text;
      return;
    }
    const number = (name: string) => Number(new RegExp(`${name}: (\\d+)`).exec(text)?.[1]);
    const sequence = number("X-Sequence");
    // As the session counts, with what chunked coding adds.
    this.#taken += bytes.length + bytes.length.toString(16).length + 4;
    this.#underWay.push({ sequence, end: this.#taken });
    this.parts.push({
      at: this.time.now,
      sequence,
      quality: /X-Quality: (\w+)/.exec(text)![1],
      length: number("Content-Length"),
      bytes,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    this.time[Symbol.dispose]();
  }
}

/** Lets promises that are settled take effect. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 8; i++) await null;
}
