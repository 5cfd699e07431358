import { MULTIPART_CONTENT_TYPE } from "../media/multipart.ts";

/** Headers of every response that goes on until the client leaves. */
export const LIVE_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  // Keeps nginx and others from buffering the response.
  "x-accel-buffering": "no",
};

/** Headers of every multipart stream. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  ...LIVE_HEADERS,
  "content-type": MULTIPART_CONTENT_TYPE,
};
