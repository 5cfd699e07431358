import type { PageReport } from "../consumers/session/acknowledgement.ts";
import type { Session } from "../consumers/session/session.ts";
import type { Delivery } from "../live_messages.ts";
import type { Listening } from "./listening.ts";

/** A page's report, and the session that it is of. */
export interface SessionReport extends PageReport {
  /** The id in the cookie of the page's viewer; `null` without one. */
  readonly viewer: string | null;
  /** What the page calls its session. */
  readonly stream: string;
}

/** Brings the reports of pages to their sessions. A page can only report of its own viewer's. */
export class PageReports {
  /** By {@linkcode keyOf}. */
  readonly #sessions = new Map<string, Session>();

  /** Lets a page report of the session. A page that reconnects uses the same name, maybe too early. */
  add(session: Session): void {
    if (session.page !== null) this.#sessions.set(keyOf(session.id, session.page), session);
  }

  /** Forgets a session that has ended. */
  remove(session: Session): void {
    const key = keyOf(session.id, session.page ?? "");
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
  }

  /** Ends the session that a page had before, whose connection it has closed: nothing says when the server learns of that. */
  replace(viewer: string | null, stream: string): void {
    this.#sessions.get(keyOf(viewer, stream))?.close();
  }

  /** Takes a page's report; ignores one of a session that is not this viewer's. */
  painted({ viewer, stream, ...report }: SessionReport): void {
    this.#sessions.get(keyOf(viewer, stream))?.traffic.acknowledgePage(report);
  }

  /** Notes that a page can no longer report of its session, until it does again. */
  pageLeft(viewer: string | null, stream: string): void {
    this.#sessions.get(keyOf(viewer, stream))?.traffic.pageLeft();
  }

  /** Reserves their sound's share of the link for the pages that listen, and for no others. */
  reserve(listening: Iterable<Listening>): void {
    const reserved = new Map<Session, number>();
    for (const { viewer, stream, bits } of listening) {
      const session = stream === null ? undefined : this.#sessions.get(keyOf(viewer, stream));
      if (session) reserved.set(session, bits);
    }
    for (const session of this.#sessions.values()) {
      session.traffic.reserved = reserved.get(session) ?? 0;
    }
  }

  /** Returns how a session's frames arrive; `null` where this viewer has no such session. */
  deliveryOf(viewer: string | null, stream: string): Delivery | null {
    return this.#sessions.get(keyOf(viewer, stream))?.delivery ?? null;
  }
}

/** A page's name for its session means nothing without the viewer. */
function keyOf(viewer: string | null, page: string): string {
  return `${viewer ?? ""} ${page}`;
}
