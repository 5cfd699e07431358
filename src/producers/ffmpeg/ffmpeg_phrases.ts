/**
 * ffmpeg's own words: the texts of its error codes (libavutil/error.c), of the C library's, and of
 * HTTP and RTSP statuses. Everything else in its log may come from elsewhere: addresses with their
 * passwords, paths of this machine, and whatever a source sends.
 */
const PHRASES = new RegExp(
  [
    "Address already in use",
    "Broken pipe",
    "Cannot allocate memory",
    "Connection (?:refused|timed out|reset by peer)",
    "Could not find codec parameters",
    "(?:Decoder|Demuxer|Encoder|Filter|Protocol|Bitstream filter|Option|Stream) not found",
    "Device or resource busy",
    "End of file",
    "Failed to resolve hostname",
    "Failed to reallocate parser buffer",
    "Host is down",
    "Immediate exit requested",
    "Inappropriate ioctl for device",
    "Input/output error",
    "Internal bug",
    "Invalid argument",
    "Invalid data found when processing input",
    "Is a directory",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "No route to host",
    "No space left on device",
    "No such device",
    "No such file or directory",
    "Not yet implemented in FFmpeg",
    "Operation (?:not permitted|not supported|timed out|now in progress)",
    "Output file #0 does not contain any stream",
    "Permission denied",
    "Protocol error",
    "Server returned (?:400 Bad Request|401 Unauthorized|403 Forbidden|404 Not Found|5XX Server Error reply)",
    "(?:400 Bad Request|401 Unauthorized|403 Forbidden|404 Not Found|500 Internal Server Error|503 Service Unavailable)",
    "Stream ends prematurely",
    "moov atom not found",
    "not on whitelist",
  ].join("|"),
);

/** The line that lists a source's video, with codec and size. */
const VIDEO = /^\s*Stream #0:\d+.*?: Video: ([a-z0-9_]{1,20})\b.*?, (\d{1,5}x\d{1,5})\b/;

/**
 * Returns the part of a line of ffmpeg's standard error that is safe to log and to show; null if
 * there is none.
 */
export function ffmpegPhrase(line: string): string | null {
  const [, codec, size] = VIDEO.exec(line) ?? [];
  if (codec !== undefined) return `Video: ${codec}, ${size}`;
  return PHRASES.exec(line)?.[0] ?? null;
}
