/** What a page reports of its session, by its own clock. */
export interface PageReport {
  /** The newest frame on its screen. */
  readonly sequence: number;
  /** Milliseconds since it was painted. */
  readonly ago: number;
  /** The newest frame whose last byte had arrived by then, and how long ago it did. */
  readonly arrived?: { readonly sequence: number; readonly ago: number };
}

/** A frame at a client, and the monotonic time at which something happened to it. */
export interface Moment {
  /** The frame's number in its stream. */
  readonly sequence: number;
  /** Monotonic time, milliseconds. */
  readonly at: number;
}

/** What a page reports of its session, in monotonic time. */
export interface PageAcknowledgement {
  /** The newest frame on the screen. */
  readonly painted?: Moment;
  /** The newest frame whose last byte had arrived. */
  readonly arrived?: Moment;
}
