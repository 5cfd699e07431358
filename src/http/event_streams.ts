import type { Kickable, Kicks } from "../audience/kicks.ts";
import type { ChannelEvent, EventLog } from "../channel/event_log.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { ProgramBody } from "../consumers/program_body.ts";

/** Options of {@linkcode EventStreams}. */
export interface EventStreamsOptions {
  /** What happens. */
  readonly events: EventLog;
  /** Whom the streamer kicked a moment ago. */
  readonly kicks: Pick<Kicks, "waitOf">;
  /** The most streams, in all and from one address. */
  readonly limits: { readonly maxSockets: number; readonly maxPerAddress: number };
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** So often something is sent in any case, so that proxies do not end the connection. Milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Who lets more messages wait than these is dropped: as many as are remembered, and some. */
const CAPACITY = 250;

/** Browsers come back after so long. Milliseconds. */
const RETRY_MS = 3_000;

/** The body of one response. */
export type EventBody = ProgramBody<string>;

/** The clients that read `/events`. They do not count as viewers. */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #bodies = new Map<EventBody, Kickable>();
  #unsubscribe: (() => void) | null = null;
  #beatAt = 0;

  /** Begins without clients. */
  constructor(options: EventStreamsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** How many there are. */
  get count(): number {
    return this.#bodies.size;
  }

  /** Returns whether a client is still connected. */
  has(body: EventBody): boolean {
    return this.#bodies.has(body);
  }

  /**
   * Opens the body of a response; `null` if there are too many.
   *
   * @param after The id of the last event that the client has seen; `null` to begin now.
   */
  open(client: Kickable, after: string | null): EventBody | null {
    const { limits, events } = this.#options;
    const ofAddress = [...this.#bodies.values()].filter((one) => one.client === client.client);
    if (this.count >= limits.maxSockets || ofAddress.length >= limits.maxPerAddress) return null;
    const body: EventBody = new ProgramBody<string>({
      opening: encode(`retry: ${RETRY_MS}\n\n`),
      encode,
      capacity: CAPACITY,
      onEnd: () => {
        this.#bodies.delete(body);
        if (this.count > 0) return;
        this.#unsubscribe?.();
        this.#unsubscribe = null;
      },
      clock: this.#clock,
    });
    this.#bodies.set(body, client);
    this.#unsubscribe ??= events.subscribe((event) => this.#send(textOf(event)));
    if (after !== null) { for (const event of events.after(after)) body.put(textOf(event)); }
    return body;
  }

  /** Ends the streams of viewers of whom this is true, by the id in their cookie. */
  end(isMeant: (id: string) => boolean): void {
    for (const [body, { id }] of [...this.#bodies]) if (id !== null && isMeant(id)) body.close();
  }

  /** Sends heartbeats; ends the streams of those who read too little, or were kicked. */
  tick(): void {
    const now = this.#clock.monotonic();
    if (now - this.#beatAt >= HEARTBEAT_MS) {
      this.#beatAt = now;
      this.#send(": still here\n\n");
    }
    for (const [body, client] of [...this.#bodies]) {
      if (this.#options.kicks.waitOf(client) > 0) body.close();
      else if (body.failure !== null) body.abort(body.failure);
      else if (body.dropped > 0) body.abort("Dropped: events were not read in time");
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const body of [...this.#bodies.keys()]) body.close();
  }

  #send(text: string): void {
    for (const body of this.#bodies.keys()) body.put(text);
  }
}

function textOf(event: ChannelEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
