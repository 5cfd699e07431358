import type { Audience } from "../audience/audience.ts";
import type { Channel } from "../channel/channel.ts";
import type { Community } from "../channel/community.ts";
import { EventLog } from "../channel/event_log.ts";
import { MotionAlarm } from "../channel/motion_alarm.ts";
import type { Clock } from "../clock.ts";
import type { MotionWatch } from "../consumers/recording/motion_watch.ts";
import { EventStreams } from "../http/event_streams.ts";
import type { Stream } from "../streams/stream.ts";
import type { SocketLimits, SourcePart } from "./parts.ts";

/** What {@linkcode createChannelEvents} reads. */
export interface EventfulParts {
  /** What viewers see. */
  readonly program: Stream;
  /** Notices motion in it. */
  readonly watch: MotionWatch;
  /** What gives frames. */
  readonly source: Pick<SourcePart, "state" | "events">;
  /** Whether it is on air. */
  readonly channel: Channel;
  /** Donations, and whom the streamer bans. */
  readonly community: Pick<Community, "donations" | "moderation" | "people">;
  /** Whom the streamer kicks. */
  readonly audience: Pick<Audience, "kicks">;
  /** The currency of donations; `null` for plain numbers. */
  readonly currency: string | null;
  /** The most clients of `/events`. */
  readonly limits: SocketLimits;
  /** The time. */
  readonly clock: Clock;
}

/** The events of the channel, and those who receive them. */
export interface ChannelEvents {
  /** What happens. */
  readonly log: EventLog;
  /** Whether something moves. Interrupt it when the picture changes although nothing does. */
  readonly alarm: Pick<MotionAlarm, "isMoving" | "interrupt">;
  /** The clients of `/events`. */
  readonly streams: EventStreams;
  /** Says that the first viewer has come, or that the last one has left. */
  attendance(isAnyoneHere: boolean): void;
  /** Does what is due. Call it four times a second. */
  tick(): void;
}

/** Connects the parts that cause events to those who receive them. */
export function createChannelEvents(parts: EventfulParts): ChannelEvents {
  const { program, watch, source, channel, community, currency, limits, clock } = parts;
  const log = new EventLog(clock);
  log.follow(community.donations, currency);
  const alarm = new MotionAlarm({
    ...{ events: log, clock },
    isVisible: () => channel.onAir && source.state.live,
    watch: (isWatched) => watch.watch(isWatched ? program : null),
  });
  watch.onMotion = (at) => alarm.moved(at);
  source.events.on("state", () => alarm.interrupt());
  let wasOnAir = channel.onAir;
  channel.events.on("change", ({ onAir }) => {
    if (onAir === wasOnAir) return;
    wasOnAir = onAir;
    alarm.interrupt();
    log.add({ type: onAir ? "on-air" : "off-air" });
  });
  const streams = new EventStreams({ events: log, kicks: parts.audience.kicks, limits, clock });
  const { people } = community;
  community.moderation.events.on("ban", ({ author }) => {
    streams.end((id) => people.authorOf(id) === author);
  });
  return {
    ...{ log, alarm, streams },
    attendance(isAnyoneHere) {
      log.add({ type: isAnyoneHere ? "first-viewer" : "last-viewer-left" });
    },
    tick() {
      alarm.tick();
      streams.tick();
    },
  };
}
