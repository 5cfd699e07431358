import type { VideoPacket } from "../../media/packet.ts";
import type { Rendition } from "../../media/rendition.ts";
import type { VideoPart } from "../../media/video_part.ts";
import type { VideoConsumer, VideoTrack, VideoTracks } from "../../streams/video.ts";

/** How far what a session sent has come. */
export interface FeedLink {
  /** Monotonic time, milliseconds. */
  readonly now: number;
  /** How long the oldest sent byte has been under way beyond the base delay. Milliseconds. */
  readonly lag: number;
}

/** Where a session's parts leave. */
export interface FeedOutlet {
  /** The sequence of the part that was written last. */
  readonly sequence: number;
  /** Parts that were written. */
  readonly sent: number;
  /** How long the oldest queued packet has waited. Milliseconds. */
  readonly videoWait: number;
  /** Queues a packet behind all others; returns whether there was room for it. */
  putVideo(part: VideoPart): boolean;
  /** Drops all queued packets. */
  dropVideo(): void;
  /** Drops the JPEG that waits. */
  dropPicture(): void;
}

/** A session that falls this far behind gets JPEGs until the next key packet. Milliseconds. */
const BEHIND_MS = 250;
/** It waits for one until the queue has shrunk to this. Milliseconds. */
const CAUGHT_UP_MS = 120;
/**
 * Bridges pause no longer than this for a key packet that is near; up to the longer time after key packets that
 * came too late. Milliseconds.
 */
const NEAR_MS = 100;
const LONGEST_NEAR_MS = 400;
/** JPEGs that come later than H.264 take its place after this time. Milliseconds. */
const LEAVING_MS = 300;
/** The shortest time between two requests for a key packet. Milliseconds. */
const REQUEST_MS = 300;
/**
 * A track that gives nothing for this time and these frames has failed, and is left alone for a while. An
 * encoder that was just started may take longer. Milliseconds.
 */
const DRY_MS = 500;
const FIRST_DRY_MS = 2000;
const DRY_FRAMES = 4;
const FAILED_MS = 5000;

/** A session's place in one track. */
interface Place extends VideoConsumer {
  readonly track: VideoTrack;
  /** That of the packet queued last, on which the next one builds; `null` until there was a key packet. */
  index: number | null;
}

/**
 * Feeds one session from the tracks of H.264: in step, it gets each packet in order; else JPEGs bridge the
 * time until the next key packet. Sequences that are written never fall, as pages acknowledge by them.
 */
export class VideoFeed {
  readonly #tracks: VideoTracks;
  readonly #link: FeedLink;
  readonly #outlet: FeedOutlet;
  #place: Place | null = null;
  /** In the track to change to, while the other one is still in step. */
  #next: Place | null = null;
  /** Whether the session goes back to JPEG with the first one that is written. */
  #isLeaving = false;
  #leavingSince = 0;
  #isClosed = false;
  /** Whether what was sent has to arrive before the next key packet. */
  #isBehind = false;
  #nearSince = Infinity;
  #longestNear = NEAR_MS;
  #requestedAt = -Infinity;
  /** When the last packet came, or the session joined, and the frames since then. */
  #dry = { since: 0, frames: 0, longest: FIRST_DRY_MS };
  #failedAt = -Infinity;
  /** That of the packet queued last. */
  #sequence = 0;

  /** Has joined no track yet. */
  constructor(tracks: VideoTracks, link: FeedLink, outlet: FeedOutlet) {
    this.#tracks = tracks;
    this.#link = link;
    this.#outlet = outlet;
  }

  /** Whether packets are sent, and no JPEG. */
  get isInStep(): boolean {
    return this.#place !== null && this.#place.index !== null;
  }

  /** Whether a track gave nothing a short time ago, so that the session had better get JPEGs. */
  get hasFailed(): boolean {
    return this.#link.now - this.#failedAt < FAILED_MS;
  }

  /**
   * Decides which JPEG to give of the next frame, if any. To be called once for each frame.
   *
   * @param wanted What the session should be given.
   * @param bridge Returns the JPEG to give until there is a key packet.
   */
  decide(wanted: Rendition, bridge: () => Rendition): Rendition | null {
    const track = wanted.codec === "h264" ? this.#tracks.trackOf(wanted) : null;
    if (!track?.isAvailable || this.#isClosed) {
      this.#next = this.#leave(this.#next);
      if (!this.#isLeaving) this.#leavingSince = this.#link.now;
      this.#isLeaving = this.isInStep && this.#link.now - this.#leavingSince < LEAVING_MS;
      if (!this.#isLeaving) this.#leaveAll();
      return wanted.codec === "h264" ? bridge() : wanted;
    }
    this.#isLeaving = false;
    this.#dry.frames++;
    this.#follow(track);
    this.#check();
    if (this.#next) this.#request(this.#next.track);
    if (this.isInStep) {
      this.#outlet.dropPicture();
      return null;
    }
    const isReady = !this.#isBehind || this.#link.lag <= CAUGHT_UP_MS;
    if (isReady) {
      this.#isBehind = false;
      this.#request(track);
    }
    return this.#isKeyNear(track) && isReady && this.#outlet.sent > 0 ? null : bridge();
  }

  /** Returns whether a JPEG may be sent; to be called before each. */
  takesPicture(sequence: number): boolean {
    if (sequence < this.#outlet.sequence) return false;
    return !this.isInStep || this.#isLeaving;
  }

  /** Notes that a JPEG was written. */
  wrotePicture(): void {
    if (this.#isLeaving) this.#leaveAll();
  }

  /** Leaves all tracks for good. */
  close(): void {
    this.#isClosed = true;
    this.#leaveAll();
  }

  #leaveAll(): void {
    this.#place = this.#leave(this.#place);
    this.#next = this.#leave(this.#next);
    this.#isLeaving = false;
    this.#outlet.dropVideo();
  }

  /** Joins the track, in place of another one as soon as that can be left. */
  #follow(track: VideoTrack): void {
    if (this.#place?.track === track) {
      this.#next = this.#leave(this.#next);
    } else if (this.isInStep && this.#place!.track.isAvailable) {
      if (this.#next?.track === track) return;
      this.#leave(this.#next);
      this.#next = this.#join(track);
    } else {
      this.#next = this.#leave(this.#next);
      if (this.#place) this.#outlet.dropVideo();
      this.#leave(this.#place);
      this.#place = this.#join(track);
      this.#dry = { since: this.#link.now, frames: 0, longest: FIRST_DRY_MS };
    }
  }

  /** Looks whether the session is still in step, and its track alive. */
  #check(): void {
    const { now, lag } = this.#link;
    if (now - this.#dry.since > this.#dry.longest && this.#dry.frames >= DRY_FRAMES) {
      this.#fallBehind(false);
      this.#failedAt = now;
      this.#dry = { ...this.#dry, since: now, frames: 0 };
    }
    if (!this.isInStep) return;
    if (Math.max(lag, this.#outlet.videoWait) >= BEHIND_MS) this.#fallBehind(true);
  }

  #fallBehind(isQueued: boolean): void {
    if (this.#place) this.#place.index = null;
    this.#isBehind = isQueued;
    this.#outlet.dropVideo();
  }

  #join(track: VideoTrack): Place {
    const place: Place = {
      track,
      index: null,
      deliver: (packet, part) => this.#take(place, packet, part),
    };
    this.#requestedAt = -Infinity;
    this.#nearSince = Infinity;
    track.join(place);
    return place;
  }

  #leave(place: Place | null): null {
    place?.track.leave(place);
    return null;
  }

  #take(place: Place, packet: VideoPacket, part: VideoPart): void {
    if (place === this.#next) {
      if (!packet.isKey || packet.sequence < this.#sequence || this.#isLeaving) return;
      this.#leave(this.#place);
      this.#place = place;
      this.#next = null;
    } else if (place !== this.#place) return;
    this.#dry = { since: this.#link.now, frames: 0, longest: DRY_MS };
    if (place.index === null) this.#begin(place, packet, part);
    else if (packet.isKey || packet.index === place.index + 1) this.#put(place, packet, part);
    else this.#fallBehind(false);
    this.#check();
  }

  /** Gets into step by a key packet, if that is no older than what was written. */
  #begin(place: Place, packet: VideoPacket, part: VideoPart): void {
    if (!packet.isKey) return;
    if (packet.sequence < this.#outlet.sequence) {
      this.#longestNear = Math.min(2 * this.#longestNear, LONGEST_NEAR_MS);
      return;
    }
    this.#longestNear = NEAR_MS;
    if (this.#isBehind && this.#link.lag > CAUGHT_UP_MS) return;
    this.#isBehind = false;
    this.#outlet.dropPicture();
    this.#put(place, packet, part);
  }

  #put(place: Place, packet: VideoPacket, part: VideoPart): void {
    // A packet that goes at once is written by then.
    place.index = packet.index;
    this.#sequence = packet.sequence;
    if (!this.#outlet.putVideo(part)) this.#fallBehind(true);
  }

  #request(track: VideoTrack): void {
    const { now } = this.#link;
    if (track.isKeyNear || now - this.#requestedAt < REQUEST_MS) return;
    this.#requestedAt = now;
    track.requestKey();
  }

  #isKeyNear(track: VideoTrack): boolean {
    const { now } = this.#link;
    if (!track.isKeyNear) this.#nearSince = Infinity;
    else this.#nearSince = Math.min(this.#nearSince, now);
    return track.isKeyNear && now - this.#nearSince < this.#longestNear;
  }
}
