import type { Audience } from "../../audience/audience.ts";
import type { Presence } from "../../audience/presence.ts";
import type { Replays } from "../../audience/replays.ts";
import type { Channel } from "../../channel/channel.ts";
import type { StudioHistory } from "../../channel/studio_history.ts";
import type { Community } from "../../channel/community.ts";
import type { SoundControl } from "../../channel/sound_control.ts";
import type { ListedSession } from "../../channel/studio_state.ts";
import type { ViewerChoices } from "../../consumers/session/choices.ts";
import type { PageSound } from "../../consumers/sound/page_sound.ts";
import type { ChannelState, Hearing, StudioState } from "../../live_messages.ts";
import type { Logger } from "../../log/log.ts";
import type { PostLimit } from "../post_limit.ts";
import { Answers } from "./answers.ts";
import { CommunityNews } from "./community_news.ts";
import { Greeter } from "./greeter.ts";
import { ListeningPages } from "./listening_pages.ts";
import type { PagePeer, PageSocket } from "./page_socket.ts";
import { type Polled, PolledPages } from "./polled_pages.ts";
import { SocketSet, type SocketSetOptions } from "./socket_set.ts";
import { StateNews } from "./state_news.ts";
import { StreamNews } from "./stream_news.ts";
import { StudioNews } from "./studio_news.ts";

/** Options of {@linkcode createPageSockets}. */
export interface PageSocketsOptions extends SocketSetOptions {
  /** The title, and whether the channel is on air. */
  readonly channel: Pick<Channel, "events">;
  /** The viewers, what they say and give, and the rules they follow. */
  readonly community: Community;
  /** The streams that run. */
  readonly audience: Audience;
  /** Replays in progress; `null` if rewind is disabled. */
  readonly replays: Replays | null;
  /** The sound: how the streamer sets it, and what gives it to pages. */
  readonly sound: {
    readonly control: SoundControl;
    readonly pages: PageSound<PageSocket>;
  };
  /** Counts the pages of viewers. */
  readonly presence: Presence;
  /** What each viewer chose. */
  readonly choices: ViewerChoices;
  /** Limits how often one address changes something. */
  readonly posts: PostLimit;
  /** Returns the channel's state. */
  readonly state: () => ChannelState;
  /** Returns the intensity of the newest motion, 0..1; `null` while nobody needs it measured. */
  readonly motion: () => number | null;
  /** Returns what only the streamer sees. */
  readonly studio: () => StudioState;
  /** What the studio plots. */
  readonly studioHistory: Pick<StudioHistory, "samples">;
  /** A new one at each start. */
  readonly instanceId: string;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
}

/** The connections between the pages and the server. */
export interface PageSockets {
  /** Sockets, including those that are opening or closing. */
  readonly count: number;
  /** Messages that could not be answered because of a fault in this program. */
  readonly failures: number;
  /** Returns whether there is a seat for one more socket of this peer. */
  hasRoomFor(peer: PagePeer): boolean;
  /** Adds a WebSocket that is about to open, and greets its page once it is. */
  join(socket: WebSocket, peer: PagePeer): void;
  /** Exchanges messages with a page that cannot open a WebSocket; see {@linkcode PolledPages.exchange}. */
  exchange(key: string, peer: PagePeer, messages: readonly string[]): Polled | null;
  /** Returns how the page of a session hears the sound; `null` while it does not listen. */
  hearingOf(session: Pick<ListedSession, "id" | "page">): Hearing | null;
  /** Sends the channel's state if it changed, unless one was sent a moment ago. */
  updateState(): void;
  /** Sends what is due; call it four times a second. */
  tick(): void;
  /** Says goodbye to every page. */
  close(): void;
}

/** How many ticks lie between two messages of a kind. */
const DELIVERY_TICKS = 2;
const STUDIO_TICKS = 4;

/** How many ticks lie between two renewals of the names of those who are here: a minute. */
const PRESENCE_TICKS = 240;

/** Connects the pages to the channel, the community and their streams. */
export function createPageSockets(options: PageSocketsOptions): PageSockets {
  const { channel, community, audience, replays, sound, choices, state, clock } = options;
  const sockets = new SocketSet(options);
  const { posts, log } = options;
  const polled = new PolledPages({ sockets, posts, clock });
  const listening = new ListeningPages(sockets, sound.pages, replays);
  const { chat } = community;
  const answers = new Answers({ sockets, chat, audience, replays, listening, posts, log });
  const { instanceId } = options;
  countPages(sockets, options.presence);
  new Greeter({ sockets, community, audience, choices, state, instanceId });
  const communityNews = new CommunityNews(sockets, community);
  const stateNews = new StateNews({ sockets, state, clock });
  const { studio, studioHistory: history } = options;
  const studioNews = new StudioNews({ sockets, studio, history, sound: sound.control });
  const streamNews = new StreamNews(sockets, audience.pages, options.motion);
  channel.events.on("change", () => stateNews.update());
  sound.control.events.on("state", () => stateNews.updateNow());
  community.room.events.on("change", () => stateNews.update());
  choices.events.on("change", ({ id, choices }) => {
    sockets.send({ type: "settings", settings: choices }, ({ viewer }) => viewer === id);
  });
  let ticks = 0;
  return {
    get count() {
      return sockets.size;
    },
    get failures() {
      return answers.failures;
    },
    hasRoomFor: (peer) => sockets.hasRoomFor(peer),
    join: (socket, peer) => sockets.add(socket, peer),
    exchange: (key, peer, messages) => polled.exchange(key, peer, messages),
    hearingOf: (session) => listening.hearingOf(session),
    updateState: () => stateNews.update(),
    tick() {
      ticks++;
      audience.reserve(listening.listening());
      stateNews.update();
      communityNews.update();
      if (ticks % DELIVERY_TICKS === 0) streamNews.update();
      if (ticks % STUDIO_TICKS === 0) {
        studioNews.update();
        sockets.endUnopened();
        polled.endSilent();
      }
      if (ticks % PRESENCE_TICKS !== 0) return;
      // Nobody may take the name of someone who only watches.
      for (const { peer } of sockets) community.people.stillHere(peer.viewer);
    },
    close: () => sockets.close(),
  };
}

/** Counts the pages of viewers. A studio is no viewer; without a cookie only streams are counted. */
function countPages(sockets: SocketSet, presence: Presence): void {
  sockets.events.on("open", (socket) => {
    const { cookie: id, capacityKey: origin, isStudio } = socket.peer;
    if (id !== null && !isStudio) presence.arrive(socket, { id, origin });
  });
  sockets.events.on("end", (socket) => presence.leave(socket));
}
