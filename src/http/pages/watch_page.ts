// @ts-types="../std_html.d.ts"
import { escape } from "@std/html/entities";
import { QUALITY_NAMES } from "../../media/qualities.ts";
import { FILTERS } from "../../media/rendition.ts";
import { DEFAULT_CHOICES, MODES, type ViewerChoices } from "../../consumers/session/choices.ts";
import type { Community } from "../../channel/community.ts";
import type { Choices } from "../../live_messages.ts";
import type { Stream } from "../../streams/stream.ts";
import type { History } from "../history.ts";
import type { Call } from "../call.ts";
import type { Status } from "../route_parts.ts";
import { pageUrl, shareUrl } from "../share_url.ts";
import type { Language } from "./page_texts.ts";
import type { PageValues } from "./template.ts";

/** The values of the buttons, by choice. */
const VALUES: Readonly<Record<keyof Choices, readonly string[]>> = {
  mode: MODES,
  quality: QUALITY_NAMES,
  filter: FILTERS,
};

/** Where the watch page finds what it shows. */
export interface WatchPageParts {
  /** Channel and source. */
  readonly status: Pick<Status, "channelState" | "run" | "networkUrl">;
  /** The size of frames. */
  readonly program: Pick<Stream, "size">;
  /** What each viewer chose. */
  readonly choices: ViewerChoices;
  /** Names and bans. */
  readonly community: Pick<Community, "moderation" | "people">;
  /** Chat and supporters. */
  readonly history: History;
  /** Whether the server encodes H.264. */
  readonly video: { readonly isOffered: boolean };
}

/**
 * Returns the values that the watch page shows to one viewer.
 *
 * @param viewer `null` for a new viewer, about whom nothing is stored.
 */
export function watchPage(
  { status, program, choices, community, history, video }: WatchPageParts,
  viewer: string | null,
  call: Pick<Call, "url" | "basePath">,
  language: Language,
): PageValues {
  const state = status.channelState();
  const { title, onAir, live, reason, sound, viewers, donateUrl } = state;
  const { width, height } = program.size ?? status.run.requested();
  const settings = viewer === null ? DEFAULT_CHOICES : choices.get(viewer);
  const shared = shareUrl(call, status);
  const text: Record<string, string> = {
    title,
    mode: settings.mode,
    quality: settings.quality,
    filter: settings.filter,
    channel: onAir ? live ? "live" : "standby" : "off",
    onAir: String(onAir),
    live: String(live),
    reason: reason ?? "",
    sound,
    video: video.isOffered ? "h264" : "off",
    "hidden.sound": sound === "off" ? "hidden" : "",
    "hidden.clips": state.rewind !== null && state.clips === "everyone" ? "" : "hidden",
    viewers: String(viewers),
    watching: language.text("watch.viewers", { count: viewers }),
    name: viewer === null ? "" : community.people.of(viewer).name ?? "",
    // Keeps the layout still when the first frame arrives.
    width: String(width),
    height: String(height),
    thanks: String(call.url.searchParams.has("donated")),
    donateUrl: donateUrl ?? "",
    shareUrl: shared,
    embedCode: embedCode(shared, title),
    "hidden.embed": status.run.isEmbeddable ? "" : "hidden",
    // With a key of its own, a form sent twice counts once.
    formKey: crypto.randomUUID(),
    "disabled.quality": settings.mode === "gaming" ? "disabled" : "",
  };
  for (const choice of ["mode", "quality", "filter"] as const) {
    for (const value of VALUES[choice]) {
      text[`pressed.${choice}.${value}`] = String(settings[choice] === value);
    }
  }
  const { messages, supporters } = history.rendered;
  return {
    text,
    html: {
      chatMessages: messages,
      supporters,
      openGraph: openGraph(title, pageUrl(call), language),
    },
  };
}

/** Returns the HTML by which a page of an allowed site shows the player. */
function embedCode(shareUrl: string, title: string): string {
  const source = new URL("embed", shareUrl).href;
  return `<iframe src="${escape(source)}" title="${escape(title)}" width="640" height="360" ` +
    `allow="fullscreen" style="border: 0"></iframe>`;
}

/** Returns the Open Graph properties, which make a preview of shared links; see https://ogp.me. */
function openGraph(title: string, url: string, language: Language): string {
  const properties = {
    "og:type": "video.other",
    "og:title": title,
    "og:description": language.text("watch.description"),
    "og:url": url,
    "og:image": new URL("snapshot.jpg", url).href,
  };
  return Object.entries(properties)
    .map(([name, value]) => `<meta property="${name}" content="${escape(value)}">`)
    .join("\n");
}
