import { MULTIPART_CONTENT_TYPE } from "../media/multipart.ts";

/** Headers of every multipart stream. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  "content-type": MULTIPART_CONTENT_TYPE,
  "cache-control": "no-store",
  // Keeps nginx and others from buffering the response.
  "x-accel-buffering": "no",
};
