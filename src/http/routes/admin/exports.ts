import type { Broadcast } from "../../../channel/broadcast.ts";
import type { Chat } from "../../../channel/chat.ts";
import { transcript } from "../../../channel/transcript.ts";
import { pagedDownload } from "../../paged_download.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";

/** What the streamer takes away from a broadcast: its summary, and the chat as text. */
export function adminExportRoutes(
  chat: Pick<Chat, "after">,
  broadcast: Pick<Broadcast, "summary">,
): Readonly<Record<string, Handlers>> {
  return {
    "/admin/summary": {
      GET() {
        const { summary } = broadcast;
        if (!summary) throw new HttpProblem(404, "Not on air since the server was started");
        return Response.json(summary, { headers: { "cache-control": "no-store" } });
      },
    },
    "/admin/chat.txt": { GET: () => pagedDownload(transcript(chat), "text/plain", "chat.txt") },
  };
}
