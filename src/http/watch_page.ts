// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import { FILTERS } from "../media/rendition.ts";
import { DEFAULT_CHOICES, MODES, QUALITIES } from "../consumers/session/choices.ts";
import type { History } from "./history.ts";
import { channelState } from "./page_socket/channel_state.ts";
import type { Call } from "./router.ts";
import type { Services } from "./services.ts";
import { pageUrl, shareUrl } from "./share_url.ts";
import type { PageValues } from "./template.ts";
import { NOT_WELCOME } from "./welcome.ts";

/**
 * What the watch page is filled in with for one viewer.
 *
 * @param viewer `null` for one who is new, of whom there is nothing to look up.
 */
export function watchPage(
  services: Services,
  history: History,
  viewer: string | null,
  call: Pick<Call, "url" | "basePath">,
): PageValues {
  const { title, onAir, live, reason, viewers, donateUrl } = channelState(services);
  const { width, height } = pictureSizeOf(services);
  const settings = viewer === null ? DEFAULT_CHOICES : services.settings.get(viewer);
  const isBanned = viewer !== null && services.moderation.bannedUntil(viewer) !== 0;
  const text: Record<string, string> = {
    title,
    mode: settings.mode,
    quality: settings.quality,
    filter: settings.filter,
    channel: onAir ? live ? "live" : "standby" : "off",
    onAir: String(onAir),
    live: String(live),
    reason: isBanned ? NOT_WELCOME : reason ?? "",
    viewers: String(viewers),
    name: viewer === null ? "" : services.people.of(viewer).name ?? "",
    // So that nothing on the page moves when the picture comes.
    width: String(width),
    height: String(height),
    donateLabel: call.url.searchParams.has("donated") ? "Donate Success!!" : "Donate",
    donateUrl: donateUrl ?? "",
    shareUrl: shareUrl(call, services),
    // By its own key, a form sent twice counts once.
    formKey: crypto.randomUUID(),
    "disabled.quality": settings.mode === "gaming" ? "disabled" : "",
  };
  const chosen: readonly string[] = Object.values(settings);
  for (const choice of [...MODES, ...QUALITIES, ...FILTERS]) {
    text[`pressed.${choice}`] = String(chosen.includes(choice));
  }
  const { messages, supporters } = history.rendered;
  return {
    text,
    html: { chatMessages: messages, supporters, openGraph: openGraph(title, pageUrl(call)) },
  };
}

/** The newest picture's size, else the one that was asked of the camera. */
function pictureSizeOf({ hub, asked }: Services): { width: number; height: number } {
  return hub.size ?? asked;
}

/** What a link to the page looks like where it is shared; see https://ogp.me. */
function openGraph(title: string, url: string): string {
  const properties = {
    "og:type": "video.other",
    "og:title": title,
    "og:description": "Watch live, in your browser, right now",
    "og:url": url,
    "og:image": new URL("snapshot.jpg", url).href,
  };
  return Object.entries(properties)
    .map(([name, value]) => `<meta property="${name}" content="${escape(value)}">`)
    .join("\n");
}
