import type { ServerMessage } from "../../live_messages.ts";

/** Those who are told what happens. */
export interface Audience {
  toAll(message: ServerMessage): void;
  /** Tells every page of one viewer. */
  toViewer(viewer: string, message: ServerMessage): void;
  /** Tells every page of everyone else. */
  toOthers(viewer: string, message: ServerMessage): void;
  /** Tells a viewer's pages what they are taken for now. */
  tellYou(viewer: string): void;
}
