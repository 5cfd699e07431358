import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { BroadcastSummary } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { Channel } from "./channel.ts";
import type { Chat } from "./chat.ts";
import type { Donations } from "./donations.ts";

/** Options of {@linkcode Broadcast}. */
export interface BroadcastOptions {
  /** Whether the channel is on air. */
  readonly channel: Pick<Channel, "onAir" | "events">;
  /** Returns how many people are watching. */
  readonly viewers: () => number;
  /** What viewers were sent. */
  readonly audience: { readonly totals: { readonly bytes: number } };
  /** The messages. */
  readonly chat: Pick<Chat, "posted">;
  /** The donations. */
  readonly donations: Pick<Donations, "events">;
  /** Receives the summary, for the streamer. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** What is counted from going on air until going off air. */
interface Span {
  readonly startedAt: number;
  /** The counters at that time. */
  readonly messagesBefore: number;
  readonly bytesBefore: number;
  /** Until when viewers were counted. */
  countedAt: number;
  viewers: number;
  mostViewers: number;
  /** The sum of the times that all viewers have watched. Milliseconds. */
  watched: number;
  /** The id of the first donation; `null` without any. Later ones have higher ids. */
  firstDonation: number | null;
  donations: number;
  /** The sum of their amounts, in whole hundredths so that a donation removed leaves no rest. */
  cents: number;
}

/** Sums up what happens while the channel is on air, and logs it when it goes off air. */
export class Broadcast {
  readonly #options: BroadcastOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  #span: Span | null = null;
  #last: BroadcastSummary | null = null;

  /** Begins to count if the channel is on air. */
  constructor(options: BroadcastOptions) {
    const { channel, donations, clock = SYSTEM_CLOCK } = this.#options = options;
    this.#clock = clock;
    if (channel.onAir) this.#begin();
    channel.events.on("change", ({ onAir }) => {
      if (!onAir) this.end();
      else if (!this.#span) this.#begin();
    });
    donations.events.on("donation", ({ donation }) => {
      if (!this.#span) return;
      this.#span.donations++;
      this.#span.cents += centsOf(donation.amount);
      this.#span.firstDonation ??= donation.id;
    });
    donations.events.on("removeDonation", ({ id, amount }) => {
      const span = this.#span;
      if (!span || span.firstDonation === null || id < span.firstDonation) return;
      span.donations--;
      span.cents -= centsOf(amount);
    });
  }

  /** What happened since the channel last went on air; `null` if it has not been on air since the start. */
  get summary(): BroadcastSummary | null {
    return this.#span ? this.#summarize(this.#span) : this.#last;
  }

  /** Counts the viewers; call it a few times a second. */
  tick(): void {
    if (this.#span) this.#count(this.#span);
  }

  /** Ends the summary and logs it: the channel goes off air, or the program ends. */
  end(): void {
    if (!this.#span) return;
    const { duration, viewers, messages, donations, bytes } = this.#last = {
      ...this.#summarize(this.#span),
      isOver: true,
    };
    this.#span = null;
    this.#options.log.info("The broadcast is over", {
      minutes: Math.round(duration / 60_000),
      mostViewers: viewers.most,
      meanViewers: Math.round(viewers.mean * 10) / 10,
      messages,
      donations: donations.count,
      ...(donations.amount > 0 && { amount: donations.amount }),
      megabytes: Math.round(bytes / 1e6),
    });
  }

  #begin(): void {
    const now = this.#clock.monotonic();
    const { audience, chat } = this.#options;
    this.#span = {
      ...{ startedAt: now, messagesBefore: chat.posted, bytesBefore: audience.totals.bytes },
      ...{ countedAt: now, viewers: 0, mostViewers: 0, watched: 0 },
      ...{ firstDonation: null, donations: 0, cents: 0 },
    };
  }

  #count(span: Span): void {
    const now = this.#clock.monotonic();
    span.watched += span.viewers * (now - span.countedAt);
    span.countedAt = now;
    span.viewers = this.#options.viewers();
    span.mostViewers = Math.max(span.mostViewers, span.viewers);
  }

  #summarize(span: Span): BroadcastSummary {
    this.#count(span);
    const { startedAt, countedAt, mostViewers, watched, donations, cents } = span;
    const { audience, chat } = this.#options;
    const duration = countedAt - startedAt;
    return {
      isOver: false,
      duration: Math.round(duration),
      viewers: { most: mostViewers, mean: duration > 0 ? watched / duration : 0 },
      messages: chat.posted - span.messagesBefore,
      donations: { count: donations, amount: cents / 100 },
      bytes: audience.totals.bytes - span.bytesBefore,
    };
  }
}

function centsOf(amount: number | null): number {
  return Math.round((amount ?? 0) * 100);
}
