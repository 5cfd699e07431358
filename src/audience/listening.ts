/** The sound that a page gets. */
export interface Listening {
  /** The id in the viewer's cookie; `null` without one. */
  readonly viewer: string | null;
  /** The page's name for the stream that it shows; `null` for one that shows none. */
  readonly stream: string | null;
  /** Bits a second on the wire. */
  readonly bits: number;
}
