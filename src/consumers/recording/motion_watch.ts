import type { LumaPlane } from "../../media/luma_plane.ts";
import { MotionDetector } from "../../motion/detector.ts";
import type { Consumer } from "../../streams/consumer.ts";
import type { MotionObserver } from "../../streams/part_maker.ts";
import type { Stream } from "../../streams/stream.ts";

/** Notices motion in a stream, whose frames are measured only while it watches. */
export class MotionWatch implements Consumer, MotionObserver {
  readonly followsMotion = true;
  readonly origin = null;
  readonly #detector = new MotionDetector();
  readonly #observer: MotionObserver;
  #stream: Pick<Stream, "join" | "leave"> | null = null;
  /** Receives the wall time of each frame in which something moves. */
  onMotion: (at: number) => void = () => {};

  /**
   * Watches nothing yet.
   *
   * @param observer Observes the same frames.
   */
  constructor(observer: MotionObserver) {
    this.#observer = observer;
  }

  /** Watches a stream, or none. */
  watch(stream: Pick<Stream, "join" | "leave"> | null): void {
    if (stream === this.#stream) return;
    this.#stream?.leave(this);
    this.#stream = stream;
    this.#detector.reset();
    stream?.join(this);
  }

  due(at: number): boolean {
    return this.#observer.due(at);
  }

  observe(plane: LumaPlane, at: number): void {
    this.#observer.observe(plane, at);
    if (this.#stream && this.#detector.observe(plane, at)) this.onMotion(at);
  }

  decide(): null {
    return null;
  }

  deliver(): void {}
}
