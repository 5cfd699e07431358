import { Emitter } from "../events.ts";
import type { ClipRule } from "../live_messages.ts";
import type { Clock } from "../clock.ts";
import type { Moderation } from "./moderation.ts";
import type { Moderators } from "./moderators.ts";
import { keepUntilEnd, refuse, type Refused, refuseMuted } from "./refusal.ts";
import type { RoomStore } from "./store.ts";

/** What the rule can be. */
export const CLIP_RULES = ["everyone", "moderators", "nobody"] as const satisfies ClipRule[];

/** The name under which the rule is stored. */
const STORED_AS = "clips";

/** Who wants a clip. */
export interface Clipper {
  /** The viewer's id, or what stands for them without a cookie. */
  readonly viewer: string;
  /** The viewer's address or network. */
  readonly capacityKey: string;
  /** Whether it is the streamer, who always may. */
  readonly isStreamer: boolean;
}

/** Options of {@linkcode ClipPermission}. */
export interface ClipPermissionOptions {
  /** Stores the rule. */
  readonly store: RoomStore;
  /** Time-outs and bans. */
  readonly moderation: Pick<Moderation, "mutedUntil">;
  /** Who moderates. */
  readonly moderators: Pick<Moderators, "isModerator">;
  /** The time. */
  readonly clock: Pick<Clock, "wall">;
}

/** Events of {@linkcode ClipPermission}. */
export interface ClipPermissionEvents {
  /** The rule is another one now. */
  readonly change: ClipRule;
}

/** Decides who may make clips. */
export class ClipPermission {
  /** Emits what changes. */
  readonly events: Emitter<ClipPermissionEvents> = new Emitter();
  readonly #options: ClipPermissionOptions;
  #rule: ClipRule;

  /**
   * Restores the rule; at first it is everyone.
   *
   * @throws {StoreError} It cannot be read.
   */
  constructor(options: ClipPermissionOptions) {
    this.#options = options;
    const kept = options.store.get(STORED_AS);
    this.#rule = CLIP_RULES.find((rule) => rule === kept) ?? "everyone";
  }

  /** Who may make clips. */
  get rule(): ClipRule {
    return this.#rule;
  }

  /** Changes the rule; returns `null`, or why that was not stored. */
  setRule(rule: ClipRule): string | null {
    if (rule === this.#rule) return null;
    this.#rule = rule;
    const reason = keepUntilEnd(() => this.#options.store.set(STORED_AS, rule));
    this.events.emit("change", rule);
    return reason;
  }

  /** Returns `null`, or why somebody may make no clip. */
  check({ viewer, isStreamer }: Clipper): Refused | null {
    if (isStreamer) return null;
    const { moderation, moderators, clock } = this.#options;
    const mutedUntil = moderation.mutedUntil(viewer);
    if (mutedUntil !== 0) return refuseMuted(mutedUntil, clock.wall());
    if (this.#rule === "nobody") return refuse("clips-off");
    if (this.#rule === "moderators" && !moderators.isModerator(viewer)) {
      return refuse("clips-for-moderators");
    }
    return null;
  }
}
