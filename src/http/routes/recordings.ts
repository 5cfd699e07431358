import { createHash, timingSafeEqual } from "node:crypto";
import { SYSTEM_CLOCK } from "../../clock.ts";
import type { Recordings } from "../../consumers/recording/recordings.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { type ByteRange, requestedRange } from "../byte_range.ts";
import type { Call } from "../call.ts";
import { HttpProblem } from "../problem.ts";
import { readText, readWord } from "../query.ts";
import type { Handlers } from "../route.ts";

/** What is read of the disk at a time. Bytes. */
const PIECE = 256 * 1024;

const TYPES = { mp4: "video/mp4", mkv: "video/x-matroska" };

/** Of a player that is paused for longer, the connection ends; it asks again when it goes on. Milliseconds. */
const PAUSED_MS = 300_000;

/** A recording may not be kept by proxies, and is asked for again each time. */
const NOT_SHARED = { "cache-control": "private, no-cache" };

/**
 * `/recordings/…`: gives recordings to whoever has the ticket, as neither a player nor a link can send the
 * streamer's token.
 */
export function recordingRoutes(
  recordings: Recordings | null,
  ticket: string,
  connections: Pick<ConnectionKeeper, "hold">,
): Readonly<Record<string, Handlers>> {
  return {
    "/recordings/file": {
      async GET(call) {
        const { name, status, range: { first, last }, headers } = await described(call);
        const body = new RecordingBody(kept(), name, { first, last });
        connections.hold(call.request, () => body.isTaken);
        return new Response(body.stream, { status, headers });
      },
      async HEAD(call) {
        const { status, headers } = await described(call);
        return new Response(null, { status, headers });
      },
    },
    "/recordings/thumbnail": {
      async GET(call) {
        const name = nameOf(call);
        const jpeg = await kept().thumbnail(name) ?? notFound();
        return new Response(jpeg, {
          headers: {
            "cache-control": "private, max-age=3600",
            "content-type": "image/jpeg",
            "content-length": String(jpeg.length),
          },
        });
      },
    },
  };

  function kept(): Recordings {
    return recordings ?? notFound();
  }

  function nameOf({ url }: Call): string {
    if (isSame(readText(url.searchParams, "ticket") ?? "", ticket)) {
      return readText(url.searchParams, "name") ?? "";
    }
    throw new HttpProblem(403, "Get a ticket from /admin/recordings/ticket: this one is not valid");
  }

  /** Returns what a request is answered with, but for the bytes. */
  async function described(call: Call) {
    const name = nameOf(call);
    const isDownload = readWord(call.url.searchParams, "download", ["1"]) !== undefined;
    const { bytes, tag } = await kept().find(name) ?? notFound();
    const etag = tag === null ? null : `"${tag}"`;
    const asked = requestedRange(call.request, { bytes, etag });
    if (asked === "unsatisfiable") {
      throw new HttpProblem(416, `This recording has ${bytes} bytes`, {
        "content-range": `bytes */${bytes}`,
      });
    }
    const range = asked ?? { first: 0, last: bytes - 1 };
    const headers: Record<string, string> = {
      ...NOT_SHARED,
      "content-type": TYPES[name.endsWith(".mp4") ? "mp4" : "mkv"],
      "content-length": String(range.last - range.first + 1),
      "accept-ranges": "bytes",
    };
    if (etag !== null) headers.etag = etag;
    if (isDownload) headers["content-disposition"] = `attachment; filename="${name}"`;
    if (asked) headers["content-range"] = `bytes ${range.first}-${range.last}/${bytes}`;
    return { name, range, status: asked ? 206 : 200, headers };
  }
}

/** Reads some bytes of a recording as they are taken. */
class RecordingBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  #takenAt = SYSTEM_CLOCK.monotonic();
  #hasEnded = false;

  constructor(recordings: Recordings, name: string, { first, last }: ByteRange) {
    let at = first;
    this.stream = new ReadableStream({
      pull: async (controller) => {
        this.#takenAt = SYSTEM_CLOCK.monotonic();
        const wanted = Math.min(PIECE, last + 1 - at);
        if (wanted > 0) {
          const bytes = await recordings.read(name, at, wanted);
          if (bytes.length === 0) throw new Error("The recording is shorter than it was");
          at += bytes.length;
          controller.enqueue(bytes);
        }
        if (at <= last) return;
        this.#hasEnded = true;
        controller.close();
      },
      cancel: () => {
        this.#hasEnded = true;
      },
    }, { highWaterMark: 0 });
  }

  /** Whether the client still takes it. A player that is paused takes nothing for a while. */
  get isTaken(): boolean {
    return !this.#hasEnded && SYSTEM_CLOCK.monotonic() - this.#takenAt < PAUSED_MS;
  }
}

function notFound(): never {
  throw new HttpProblem(404, "There is no such recording: GET /admin/recordings lists them");
}

function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
