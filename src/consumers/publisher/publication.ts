import type { StudioPublication } from "../../live_messages.ts";

/** How publishing to a target goes. */
export type PublicationStatus = Omit<StudioPublication, "id" | "name">;

/** Publishes the program to one target, and goes on trying by itself. It is off at first. */
export interface Publication extends AsyncDisposable {
  /** What the target is, without anything secret: `rtmp://a.rtmp.youtube.com`, `folder public`. */
  readonly name: string;
  /** How it goes. */
  readonly status: PublicationStatus;
  /** Begins to publish. Does nothing if it has begun. */
  start(): void;
  /** Ends that. */
  stop(): void;
  /** Does what is due. Call it four times a second. */
  tick(): void;
}
