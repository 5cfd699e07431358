import { maxMinShares } from "../../../src/audience/fairness.ts";
import { Ladder } from "../../../src/consumers/session/ladder.ts";
import { Probes } from "../../../src/consumers/session/probes.ts";
import type { SocketStatistics } from "../../../src/net/socket_statistics.ts";
import { Steering } from "../../../src/consumers/session/steering.ts";
import { type Rendition, SOURCE } from "../../../src/media/rendition.ts";
import { sizeOf } from "./frame_sizes.ts";
import { type Network, SimulatedLink } from "./simulated_link.ts";
import { SimulatedPath, SimulatedTcp } from "./simulated_path.ts";
import { SimulatedTracks } from "./simulated_tracks.ts";
import { VideoFeed } from "../../../src/consumers/session/video_feed.ts";
import { type VideoChoice, VideoOffers } from "../../../src/consumers/session/video_offer.ts";
import { VideoQueue } from "../../../src/consumers/session/video_queue.ts";
import type { VideoPart } from "../../../src/media/video_part.ts";

/** One who watches, and what they may have. */
export interface Watching {
  readonly evidence: "page" | "kernel" | "pull";
  readonly fps?: number;
  /** Milliseconds one way; more than the path has, if there is one. */
  readonly latency?: number;
  /** Frames a second that they take; all by default. */
  readonly takes?: (at: number) => number;
  /** Bytes a millisecond that they read, however large the frames are; no limit by default. */
  readonly relays?: number;
  /** Bytes that the other end's system keeps of what they have not taken. */
  readonly window?: number;
  /** Whether the kernel is asked as well where a page reports. */
  readonly asks?: boolean;
  /** What the kernel reports of that window: its size, too, only how long it was closed, or neither. */
  readonly windowReport?: "size" | "closed" | "none";
  /** When frames come; all the time by default. */
  readonly busy?: (at: number) => boolean;
  /** How much frame sizes swing about the mean, 0..1. */
  readonly swing?: number;
  /** What the scene makes of the sizes of frames, which then are measured as they come; 1 is as usual. */
  readonly scene?: (at: number) => number;
  readonly ceiling?: Rendition;
  /** When they get H.264; never by default. */
  readonly video?: VideoChoice;
  /** Bits a second that they may have at most. */
  readonly allowance?: (at: number) => number;
  /** When they begin to watch, in milliseconds. */
  readonly from?: number;
  /** 2 counts double where an uplink is shared. */
  readonly weight?: number;
  /** Whether their page plays the sound at that time, which comes over a connection of its own; never by default. */
  readonly listens?: (at: number) => boolean;
}

export type Scenario = Network & Watching;

export interface Seen {
  readonly at: number;
  readonly age: number;
  readonly rendition: Rendition;
}

export interface Sent {
  readonly at: number;
  readonly rendition: Rendition;
  /** With the padding. */
  readonly bytes: number;
  readonly padding: number;
  readonly sequence: number;
  /** Of a packet of H.264. */
  readonly index?: number;
  readonly isKey?: boolean;
}

/** A packet of the sound that came. */
export interface Heard {
  /** When it was sent. */
  readonly at: number;
  /** How much longer it took than on an idle link. Milliseconds. */
  readonly waited: number;
}

export interface Outcome {
  readonly seen: readonly Seen[];
  readonly heard: readonly Heard[];
  readonly sent: readonly Sent[];
  /** When the rendition that was sent changed. */
  readonly changes: readonly number[];
}

/** Something that happened to a frame at a page. */
interface Moment {
  readonly sequence: number;
  readonly at: number;
}

/** A JPEG that waits to be sent. */
interface Held {
  readonly sequence: number;
  readonly capturedAt: number;
  readonly rendition: Rendition;
}

/** How often a page reports and the kernel is asked. Milliseconds. */
const PAGE_EVERY_MS = 100;
const KERNEL_EVERY_MS = 50;
/** How often an uplink is shared anew. Milliseconds. */
const SHARE_EVERY_MS = 250;
/** From the last byte to the screen. */
const PAINT_MS = 20;
/** What the kernel takes before the body stream waits. */
const KERNEL_BUFFER = 1_500_000;
/** What a system keeps of what a program has not taken, and more of what is taken at once. */
const WINDOW_BYTES = 256_000;
const LARGE_WINDOW_BYTES = 4_000_000;
/** What the kernel counts besides the parts: the head of the response. */
const HEAD_BYTES = 300;
/** A packet of the sound, at 48 kbit/s with what surrounds it on the wire, and how often one is sent. */
const SOUND_BYTES = 200;
const SOUND_EVERY_MS = 20;
export const SOUND_BITS: number = SOUND_BYTES * 8 * 1000 / SOUND_EVERY_MS;

/**
 * One viewer behind a link that carries so and so much, and before whom everything else is real:
 * the steering, the ladder. Time goes by in steps of a millisecond.
 */
export function simulate(scenario: Scenario): Outcome {
  return simulateTogether(scenario, [scenario])[0];
}

/** Several viewers behind the same link. */
export function simulateTogether(
  network: Network,
  watching: readonly Watching[],
  disturb: (tracks: SimulatedTracks, now: number) => void = () => {},
): Outcome[] {
  const { seconds, uplink } = network;
  const link = new SimulatedLink(network);
  const { path, capacity } = network;
  const shared = path ? new SimulatedPath({ ...path, capacity }) : null;
  const ladder = new Ladder();
  const probes = new Probes();
  const tracks = new SimulatedTracks(), offers = new VideoOffers(tracks, { isFlowing: true });
  const renditions = renditionsFor(watching);
  for (const rendition of renditions) ladder.measured(rendition, sizeOf(rendition), 0);
  const viewers = watching.map((one) => {
    const tcp = shared && new SimulatedTcp(shared, one.latency);
    const sound = new SimulatedSound(link, shared);
    return new SimulatedViewer(one, ladder, probes, link, renditions, tcp, sound, offers);
  });
  for (let now = 0; now < seconds * 1000; now++) {
    if (uplink !== undefined && now % SHARE_EVERY_MS === 0) {
      const present = viewers.filter((viewer) => now >= viewer.from);
      const shares = maxMinShares(uplink, present.map((viewer) => viewer.sharerAt(now)));
      present.forEach((viewer, i) => viewer.share = shares[i]);
    }
    link.tick(now);
    disturb(tracks, now);
    tracks.tick(now);
    for (const viewer of viewers) if (now >= viewer.from) viewer.tick(now);
  }
  return viewers;
}

/** What was seen in a span of time, in figures. */
export function figures({ seen, sent, changes }: Outcome, from: number, to: number) {
  const part = seen.filter(({ at }) => at >= from && at < to);
  const ages = part.map(({ age }) => age).sort((a, b) => a - b);
  const quantile = (share: number) =>
    ages[Math.min(ages.length - 1, Math.floor(share * ages.length))] ?? Infinity;
  const bytes = sent.filter(({ at }) => at >= from && at < to)
    .reduce((sum, part) => sum + part.bytes, 0);
  return {
    fps: part.length / (to - from) * 1000,
    median: quantile(0.5),
    p99: quantile(0.99),
    max: ages.at(-1) ?? Infinity,
    bits: bytes * 8000 / (to - from),
    changes: changes.filter((at) => at >= from && at < to).length,
    renditions: [...new Set(part.map(({ rendition }) => rendition))],
  };
}

/** Whatever those viewers can be given. */
function renditionsFor(watching: readonly Watching[]): readonly Rendition[] {
  const ceilings = watching.map(({ ceiling = SOURCE }) => ceiling);
  return ceilings.flatMap((ceiling) => {
    const renditions = [ceiling], ladder = new Ladder();
    while (true) {
      const next = ladder.unmeasured(ceiling, 0);
      if (!next) return renditions;
      ladder.measured(next, 1, 0);
      renditions.push(next);
    }
  });
}

/** The packets of the sound on their way to one page. */
class SimulatedSound {
  readonly heard: Heard[] = [];
  readonly #link: SimulatedLink;
  readonly #path: SimulatedPath | null;
  readonly #underWay: { readonly at: number; readonly end: number }[] = [];
  /** Those that leave a path, and when; a packet that was lost comes after it was sent again. */
  readonly #leaving: number[] = [];
  #sent = 0;
  #through = 0;
  readonly #moved = (bytes: number) => void (this.#through += bytes);

  constructor(link: SimulatedLink, path: SimulatedPath | null) {
    this.#link = link;
    this.#path = path;
  }

  tick(now: number, isOn: boolean): void {
    if (isOn && now % SOUND_EVERY_MS === 0) {
      this.#sent += SOUND_BYTES;
      this.#underWay.push({ at: now, end: this.#sent });
      if (this.#path) this.#leaving.push(this.#pass(this.#path, now));
      else this.#link.send(SOUND_BYTES, this.#moved);
    }
    while (this.#leaving.length > 0 && this.#leaving[0] <= now) {
      this.#leaving.shift();
      this.#moved(SOUND_BYTES);
    }
    while (this.#underWay.length > 0 && this.#underWay[0].end <= this.#through + 1e-3) {
      const { at } = this.#underWay.shift()!;
      this.heard.push({ at, waited: now - at });
    }
  }

  #pass(path: SimulatedPath, now: number): number {
    const leaves = path.pass(now, SOUND_BYTES);
    if (leaves !== null) return leaves + (path.path.jitter ?? 0) * path.random();
    // TCP notices it by what comes after, or after two round trips.
    return now + 4 * path.path.delay + SOUND_EVERY_MS;
  }
}

class SimulatedViewer implements Outcome {
  readonly seen: Seen[] = [];
  readonly sent: Sent[] = [];
  readonly changes: number[] = [];
  readonly from: number;
  /** Their share of the uplink. Bits a second. */
  share = Infinity;
  readonly #watching: Watching;
  readonly #ladder: Ladder;
  readonly #link: SimulatedLink;
  readonly #tcp: SimulatedTcp | null;
  readonly #sound: SimulatedSound;
  readonly #renditions: readonly Rendition[];
  readonly #steering: Steering;
  readonly #queue: { end: number; capturedAt: number; sequence: number; rendition: Rendition }[] =
    [];
  readonly #arriving: (Seen & { readonly sequence: number })[] = [];
  readonly #reports: { at: number; came: Moment; painted: Moment | null }[] = [];
  /** What had come through by each moment. */
  readonly #history: {
    readonly at: number;
    readonly started: number;
    readonly through: number;
    readonly taken: number;
  }[] = [];
  #smoothed = 0;
  #written = 0;
  /** Bytes given to the link: no more than there is room for at the other end. */
  #started = 0;
  #through = 0;
  /** Bytes that have been taken. */
  #taken = 0;
  #nextTake = 0;
  #windowClosed = 0;
  #reportedThrough = -1;
  #reportedWindow = 0;
  readonly #moved = (bytes: number) => void (this.#through += bytes);
  #nextFrame: number;
  #sequence = 0;
  #mailbox: Held | null = null;
  readonly #video = new VideoQueue();
  readonly #offers: VideoOffers;
  readonly #feed: VideoFeed | null;
  #now = 0;
  #lastFrame = 0;
  #pulling = true;
  /** The newest frame whose last byte has come, and the newest on the screen. */
  #came: Moment | null = null;
  #painted: Moment | null = null;
  #reported = 0;

  constructor(
    watching: Watching,
    ladder: Ladder,
    probes: Probes,
    link: SimulatedLink,
    renditions: readonly Rendition[],
    tcp: SimulatedTcp | null,
    sound: SimulatedSound,
    offers: VideoOffers,
  ) {
    this.#offers = offers;
    this.#feed = watching.video ? this.#feedFrom(offers.tracks) : null;
    this.#tcp = tcp;
    this.#sound = sound;
    this.#renditions = renditions;
    this.#watching = watching;
    this.from = watching.from ?? 0;
    this.#nextFrame = this.from;
    this.#ladder = ladder;
    this.#link = link;
    this.#steering = new Steering({
      probes,
      ladder,
      reports: watching.evidence === "page",
      isPolled: watching.asks ?? watching.evidence !== "pull",
      at: this.from,
    });
  }

  sharerAt(now: number) {
    const demand = this.#steering.demand({ ...this.#bounds(now), allowance: Infinity });
    return { demand, weight: this.#watching.weight ?? 1 };
  }

  get heard(): readonly Heard[] {
    return this.#sound.heard;
  }

  tick(now: number): void {
    this.#now = now;
    const listens = this.#watching.listens?.(now) ?? false;
    if (now % SHARE_EVERY_MS === 0) this.#steering.reserve(listens ? SOUND_BITS : 0);
    this.#sound.tick(now, listens);
    this.#start();
    if (this.#tcp) {
      this.#tcp.tick(now);
      this.#through = this.#tcp.received;
    }
    this.#take(now);
    this.#arrive(now);
    this.#inform(now);
    this.#capture(now);
    this.#flush(now);
  }

  #flush(now: number): void {
    if (!(this.#mailbox || this.#video.length > 0) || !this.#pulling) return;
    this.#steering.observe(now);
    if (this.#steering.waitFor(now) <= 0) this.#send(now);
  }

  #feedFrom(tracks: VideoOffers["tracks"]): VideoFeed {
    const now = () => this.#now, steering = () => this.#steering, video = this.#video;
    const sent = this.sent;
    return new VideoFeed(tracks, {
      get now() {
        return now();
      },
      get lag() {
        return steering().lag;
      },
    }, {
      get sequence() {
        return sent.at(-1)?.sequence ?? 0;
      },
      get sent() {
        return sent.length;
      },
      get videoWait() {
        return video.waitedAt(now());
      },
      putVideo: (part) => {
        const isKept = video.put(part, now());
        this.#flush(now());
        return isKept;
      },
      dropVideo: () => {
        const isHeld = video.waitedAt(now()) > 120;
        for (let left = video.drop(); left > 0 && isHeld; left--) {
          this.#steering.offered(now(), true);
        }
      },
      dropPicture: () => this.#mailbox = null,
    });
  }

  /** Gives the link what there is room for at the other end. */
  #start(): void {
    const room = this.#window - (this.#started - this.#taken);
    const bytes = Math.min(this.#written - this.#started, room);
    if (bytes < this.#written - this.#started) this.#windowClosed++;
    if (bytes <= 0) return;
    this.#started += bytes;
    if (this.#tcp) this.#tcp.write(bytes);
    else this.#link.send(bytes, this.#moved);
  }

  /** Takes what has come of the next frame, if it is time for one. */
  #take(now: number): void {
    const { takes = () => Infinity, relays = Infinity } = this.#watching;
    if (takes(now) === Infinity) this.#taken = Math.min(this.#through, this.#taken + relays);
    if (relays < Infinity) return;
    while (now >= this.#nextTake && this.#taken < this.#through) {
      const end = this.#queue.find((frame) => frame.end > this.#taken + 1e-3)?.end ?? Infinity;
      this.#taken = Math.min(end, this.#through);
      if (this.#taken === end) {
        this.#nextTake = Math.max(this.#nextTake, now - 20) + 1000 / takes(now);
      }
    }
  }

  #arrive(now: number): void {
    const latency = this.#tcp ? 0 : this.#latency;
    const [started, through, taken] = [this.#started, this.#through, this.#taken];
    this.#history.push({ at: now, started, through, taken });
    while (this.#queue.length > 0 && this.#queue[0].end <= this.#taken + 1e-3) {
      const { sequence, capturedAt, rendition } = this.#queue.shift()!;
      const at = now + latency + PAINT_MS;
      const age = at - PAINT_MS - capturedAt;
      this.#arriving.push({ at, age, sequence, rendition });
    }
    const came = this.#arriving.findLast(({ at }) => at - PAINT_MS <= now);
    if (came) this.#came = { sequence: came.sequence, at: came.at - PAINT_MS };
    while (this.#arriving.length > 0 && this.#arriving[0].at <= now) {
      const { sequence, ...seen } = this.#arriving.shift()!;
      this.seen.push(seen);
      this.#painted = { sequence, at: seen.at };
    }
  }

  /** Brings the steering what it can know of the link. */
  #inform(now: number): void {
    const { evidence } = this.#watching;
    const latency = this.#latency;
    const came = this.#came;
    if (
      evidence === "page" && now % PAGE_EVERY_MS === 0 && came && came.sequence > this.#reported
    ) {
      this.#reports.push({ at: now + latency, came, painted: this.#painted });
      this.#reported = came.sequence;
    }
    while (this.#reports.length > 0 && this.#reports[0].at <= now) {
      // The server counts from when it hears of it.
      const { at, came, painted } = this.#reports.shift()!;
      const arrived = { ...came, at: came.at + latency };
      this.#steering.acknowledgePage({
        arrived,
        ...(painted && { painted: { ...painted, at: painted.at + latency } }),
      }, at);
    }
    const { asks = evidence === "kernel" || (this.#tcp && evidence === "page") } = this.#watching;
    const isAsked = evidence === "kernel" || this.#steering.pollEvery(now, 0) < Infinity;
    if (asks && isAsked && now % KERNEL_EVERY_MS === 0) {
      const socket = this.#tcp ? this.#tcp.report(now, HEAD_BYTES) : this.#socket(latency);
      this.#steering.acknowledgeByKernel(socket, now);
    }
    if (!this.#pulling && this.#written - this.#through < KERNEL_BUFFER) {
      this.#pulling = true;
      this.#steering.pulled(now);
    }
  }

  /** What the kernel knows: it is acknowledged one round trip after it was sent. */
  #socket(latency: number): SocketStatistics {
    const { windowReport = "size" } = this.#watching;
    const { through, taken } = this.#history.at(-1 - 2 * latency) ?? { through: 0, taken: 0 };
    const queued = Math.round(this.#written - through);
    const acknowledged = HEAD_BYTES + this.#written - queued;
    const last = this.#history.findLastIndex((one) => one.through < through) + 1;
    const sinceAcknowledged = this.#history.length - 1 - 2 * latency - last;
    const known = {
      queued,
      unsent: 0,
      acknowledged,
      roundTrip: this.#roundTrip(latency),
      shortestRoundTrip: 2 * latency,
      sinceAcknowledged,
    };
    if (windowReport === "none") return known;
    if (windowReport === "closed") return { ...known, windowClosed: this.#windowClosed };
    // The other end reports its window anew when more arrives, or when it is twice as large.
    const room = Math.round(this.#window - (through - taken));
    const isNews = through !== this.#reportedThrough || room >= 2 * this.#reportedWindow;
    if (isNews) [this.#reportedThrough, this.#reportedWindow] = [through, room];
    return { ...known, windowClosed: this.#windowClosed, window: this.#reportedWindow };
  }

  /** Returns the round trip as TCP smoothes it: what is in the link's queue makes it longer. */
  #roundTrip(latency: number): number {
    const { through } = this.#history.at(-1 - 2 * latency) ?? { through: 0 };
    const sent = this.#history.findLast(({ started }) => started < through)?.at ?? 0;
    const came = this.#history.findLast((one) => one.through < through)?.at ?? 0;
    const trip = Math.max(0, came - sent) + 2 * latency;
    this.#smoothed = this.#smoothed ? this.#smoothed + (trip - this.#smoothed) / 2 : trip;
    return this.#smoothed;
  }

  #capture(now: number): void {
    const { fps = 30, busy = () => true, scene } = this.#watching;
    if (this.#feed) {
      // Packets and JPEGs count the same frames.
      const { sequence } = this.#offers.tracks as SimulatedTracks;
      if (sequence === this.#lastFrame) return;
      this.#lastFrame = this.#sequence = sequence;
    } else {
      if (now < this.#nextFrame) return;
      this.#nextFrame += 1000 / fps;
      if (!busy(now)) return;
      this.#sequence++;
    }
    if (scene) {
      // Nearly as often as the ladder learns of them.
      for (const rendition of this.#renditions) {
        this.#ladder.measured(rendition, sizeOf(rendition) * scene(now), now);
      }
    }
    const bounds = this.#bounds(now);
    const wanted = this.#steering.decide(now, bounds);
    const rendition = this.#feed
      ? this.#feed.decide(wanted, () => this.#steering.bridge(wanted, bounds))
      : wanted;
    if (!rendition || this.#feed?.takesPicture(this.#sequence) === false) return;
    if (this.#mailbox) this.#steering.offered(now, true);
    this.#mailbox = { sequence: this.#sequence, capturedAt: now, rendition };
  }

  #send(now: number): void {
    const held = this.#mailbox;
    this.#mailbox = null;
    if (held && this.#feed?.takesPicture(held.sequence) !== false) {
      this.#sendPicture(now, held);
      this.#feed?.wrotePicture();
      return;
    }
    const wait = this.#video.waitedAt(now), part = this.#video.take();
    if (part) this.#sendVideo(now, part, wait);
  }

  #sendVideo(now: number, { packet, rendition }: VideoPart, wait: number): void {
    const { sequence, index, isKey, at: capturedAt, data } = packet;
    this.#steering.offered(now, wait > 120);
    if (isKey) this.#steering.wroteKey(now);
    const padding = isKey ? 0 : this.#steering.paddingOf(data.length);
    this.#write(now, { sequence, capturedAt, rendition, index, isKey }, data.length, padding);
  }

  #sendPicture(now: number, held: Held): void {
    const { swing = 0, scene = () => 1 } = this.#watching;
    const { sequence, capturedAt, rendition } = held;
    this.#steering.offered(now, false);
    const factor = scene(capturedAt) * (1 + swing * Math.sin(sequence * 0.7));
    const padding = this.#steering.paddingOf(sizeOf(rendition));
    this.#write(now, held, Math.round(sizeOf(rendition) * factor), padding);
  }

  #write(
    now: number,
    part: Pick<Sent, "sequence" | "rendition" | "index" | "isKey"> & { capturedAt: number },
    net: number,
    padding: number,
  ): void {
    const { capturedAt, ...rest } = part, { sequence, rendition } = part;
    const bytes = net + padding;
    this.#written += bytes;
    this.#queue.push({ end: this.#written, capturedAt, sequence, rendition });
    this.#start();
    this.#steering.wrote({ sequence, bytes, capturedAt, at: now }, this.#allowance(now));
    const last = this.sent.at(-1);
    if (last && last.rendition !== rendition) this.changes.push(now);
    this.sent.push({ at: now, bytes, padding, ...rest });
    this.#pulling = false;
  }

  /** Milliseconds one way. */
  get #latency(): number {
    return (this.#watching.latency ?? (this.#tcp ? 0 : 2)) + (this.#tcp?.delay ?? 0);
  }

  get #window(): number {
    const { takes, relays, window } = this.#watching;
    return window ?? (takes || relays ? WINDOW_BYTES : LARGE_WINDOW_BYTES);
  }

  #bounds(now: number) {
    const { ceiling = SOURCE, fps = 30 } = this.#watching;
    const bounds = { ceiling, fps, allowance: this.#allowance(now) };
    const { video } = this.#watching;
    return !video || this.#feed?.hasFailed ? bounds : { ...bounds, offer: this.#offers.for(video) };
  }

  #allowance(now: number): number {
    return Math.min(this.share, this.#watching.allowance?.(now) ?? Infinity);
  }
}
