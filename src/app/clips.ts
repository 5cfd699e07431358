import type { Channel } from "../channel/channel.ts";
import { ClipPermission } from "../channel/clip_permission.ts";
import { Clips } from "../channel/clips.ts";
import type { Community } from "../channel/community.ts";
import type { RoomStore } from "../channel/store.ts";
import type { Clock } from "../clock.ts";
import { ClipMaker } from "../consumers/clip/clip_maker.ts";
import { ClipQueue } from "../consumers/clip/clip_queue.ts";
import { type EncoderName, listedEncoders } from "../consumers/encoder/encoders.ts";
import type { Logger } from "../log/log.ts";
import type { KeptPast } from "./rewind.ts";

/** What clips build on. */
export interface ClipParts {
  /** What they are made of. */
  readonly kept: KeptPast;
  /** The path or name of ffmpeg. */
  readonly ffmpeg: string;
  /** Returns the encoder of H.264 for viewers; `null` if none was found. */
  readonly encoder: () => EncoderName | null;
  /** Returns what `ffmpeg -encoders` writes. */
  readonly listEncoders: () => Promise<string>;
  /** Whose titles name them. */
  readonly channel: Pick<Channel, "title">;
  /** Who may make them. */
  readonly community: Pick<Community, "moderation" | "moderators">;
  /** Stores the rule. */
  readonly store: RoomStore;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Clips, and who may make them. */
export interface RunningClips extends AsyncDisposable {
  /** The clips of viewers. */
  readonly clips: Clips;
  /** Who may make them. */
  readonly permission: ClipPermission;
  /** Does what is due. Call it about once a second. */
  tick(): void;
}

/** Builds what makes clips. Nothing runs until somebody asks for one. */
export function createClips(parts: ClipParts): RunningClips {
  const { kept, ffmpeg, channel, community, store, log, clock } = parts;
  // Viewers may be given no H.264, and get clips all the same.
  const encoder = async () => {
    const found = parts.encoder();
    if (found !== null) return found;
    const listed = listedEncoders(await parts.listEncoders().catch(() => ""));
    return listed.find((name) => name === "libx264") ?? null;
  };
  const queue = new ClipQueue({
    maker: new ClipMaker({ program: ffmpeg, encoder, log }),
    ...{ clock, log },
  });
  const permission = new ClipPermission({ store, ...community, clock });
  const clips = new Clips({ kept, queue, permission, channel, clock });
  return {
    clips,
    permission,
    tick() {
      queue.tick();
      clips.tick();
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}
