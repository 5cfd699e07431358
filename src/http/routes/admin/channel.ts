import { renderSVG } from "uqr";
import { z } from "zod";
import { explain } from "../../../channel/explanation.ts";
import { ROTATIONS } from "../../../media/turn.ts";
import { drawShareCard } from "../../../pictures/share_card.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import type { Status, Studio, Viewing } from "../../route_parts.ts";
import { studioUrl } from "../../../studio_url.ts";
import { shareUrl } from "../../share_url.ts";
import { bearerToken } from "../../streamer.ts";
import { STREAM_HEADERS } from "../../stream_headers.ts";
import { action } from "./action.ts";
import { userErrorAs409 } from "./user_error_as_409.ts";

const onAir = z.object({ onAir: z.boolean() });
const title = z.object({
  title: z.string().trim().min(1).max(100).regex(/^\P{Cc}*$/u, "a title is one line"),
});
const source = z.object({ source: z.string().max(1000) });
const turn = z.object({ rotate: z.literal(ROTATIONS), flip: z.boolean() });
const kick = z.object({ id: z.string().max(64) });

/** `/admin/…`: lets the streamer control the channel and see how it is doing. */
export function adminChannelRoutes(
  { channel, sources, picture, state }: Omit<Studio, "broadcast" | "controls">,
  { audience, connections }: Pick<Viewing, "audience" | "connections">,
  status: Pick<Status, "networkUrl">,
): Readonly<Record<string, Handlers>> {
  const shareCard = rememberOne((title, url) => drawShareCard({ title, url }));
  return {
    "/admin/on-air": action(onAir, ({ onAir }) => {
      channel.setOnAir(onAir);
      return { onAir };
    }),
    "/admin/title": action(title, ({ title }) => {
      channel.setTitle(title);
      return { title };
    }),
    "/admin/source": action(source, async ({ source }) => {
      // A request can only choose a listed source, so it never supplies ffmpeg's arguments.
      const listed = await userErrorAs409(sources.list());
      if (!listed.some((one) => one.source === source)) {
        throw new HttpProblem(400, "Choose a source that /admin/sources lists");
      }
      await userErrorAs409(sources.switchTo(source));
      return { source: sources.current };
    }),
    "/admin/picture": action(turn, (turn) => {
      picture.turn = turn;
      return turn;
    }),
    "/admin/sources": {
      GET: async () =>
        Response.json(
          { current: sources.current, sources: await userErrorAs409(sources.list()) },
          NOT_KEPT,
        ),
    },
    "/admin/kick": action(kick, ({ id }) => {
      if (!audience.kick(id)) throw new HttpProblem(404, explain("viewer-left"));
    }),
    "/admin/state": { GET: () => Response.json(state(), NOT_KEPT) },
    "/admin/preview": {
      GET({ request, remote, isForwarded }) {
        const session = audience.preview({
          remote,
          isForwarded,
          isShared: connections.isShared(request),
          onCut: () => connections.drop(request),
        });
        if (!session) throw new HttpProblem(503, explain("too-many-studios"));
        connections.hold(request, () => audience.has(session));
        return new Response(session.body, { headers: STREAM_HEADERS });
      },
      HEAD: () => new Response(null, { headers: STREAM_HEADERS }),
    },
    "/admin/studio-qr.svg": {
      GET(call) {
        // Without a token, the request does not get here.
        const address = studioUrl(shareUrl(call, status), bearerToken(call.request) ?? "");
        return new Response(renderSVG(address, { border: 2 }), {
          headers: { ...NOT_KEPT.headers, "content-type": "image/svg+xml" },
        });
      },
    },
    "/admin/share-card.png": {
      async GET(call) {
        return new Response(await shareCard(channel.title, shareUrl(call, status)), {
          headers: { ...NOT_KEPT.headers, "content-type": "image/png" },
        });
      },
    },
  };
}

/** Draws a card only when its words change: a third of a second, which viewers would notice. */
function rememberOne<T>(draw: (title: string, url: string) => Promise<T>): typeof draw {
  let last: { readonly words: string; readonly card: Promise<T> } | null = null;
  return (title, url) => {
    const words = `${url} ${title}`;
    if (last?.words !== words) {
      last = { words, card: draw(title, url) };
      // A failed card is drawn again.
      last.card.catch(() => last = null);
    }
    return last.card;
  };
}

const NOT_KEPT = { headers: { "cache-control": "no-store" } };
