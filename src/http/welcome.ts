/** Shown to viewers whom the streamer banned. */
export const NOT_WELCOME = "The streamer has banned you from this stream";
