import { MULTIPART_CONTENT_TYPE } from "../media/multipart.ts";

/** What is sent with every stream of pictures. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  "content-type": MULTIPART_CONTENT_TYPE,
  "cache-control": "no-store",
  // nginx and others collect a response before they pass it on, unless this forbids it.
  "x-accel-buffering": "no",
};
