/** A segment as a playlist lists it. */
export interface ListedSegment {
  readonly sequence: number;
  readonly discontinuitySequence: number;
  readonly uri: string | null;
  readonly seconds: number;
  readonly parts: readonly { readonly uri: string; readonly seconds: number }[];
  readonly map: string;
  readonly at: number;
}

/** A media playlist, read as a player reads it. */
export function readPlaylist(text: string) {
  const lines = text.trimEnd().split("\n");
  const valueOf = (tag: string) => lines.find((line) => line.startsWith(`${tag}:`))?.split(":")[1];
  const segments: ListedSegment[] = [];
  let sequence = Number(valueOf("#EXT-X-MEDIA-SEQUENCE"));
  let discontinuitySequence = Number(valueOf("#EXT-X-DISCONTINUITY-SEQUENCE"));
  let map = "", at = NaN, seconds = 0, hint: string | null = null;
  let parts: { uri: string; seconds: number }[] = [];
  const uris: string[] = [];
  const uriIn = (line: string) => /URI="([^"]+)"/.exec(line)![1];
  const end = (uri: string | null) => {
    segments.push({ sequence: sequence++, discontinuitySequence, uri, seconds, parts, map, at });
    [parts, seconds] = [[], 0];
  };
  for (const line of lines) {
    if (line.startsWith("#EXT-X-PRELOAD-HINT")) hint = uriIn(line);
    else if (line === "#EXT-X-DISCONTINUITY") discontinuitySequence++;
    else if (line.startsWith("#EXT-X-MAP")) uris.push(map = uriIn(line));
    else if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) at = Date.parse(line.slice(25));
    else if (line.startsWith("#EXTINF:")) seconds = parseFloat(line.slice(8));
    else if (line.startsWith("#EXT-X-PART:")) {
      parts.push({ uri: uriIn(line), seconds: parseFloat(/DURATION=([\d.]+)/.exec(line)![1]) });
      uris.push(uriIn(line));
    } else if (!line.startsWith("#")) {
      uris.push(line);
      end(line);
    }
  }
  if (parts.length > 0) end(null);
  return {
    lines,
    segments,
    /** Everything that can be fetched. */
    uris,
    hint,
    mediaSequence: Number(valueOf("#EXT-X-MEDIA-SEQUENCE")),
    target: Number(valueOf("#EXT-X-TARGETDURATION")),
    partTarget: Number(/PART-TARGET=([\d.]+)/.exec(text)?.[1] ?? NaN),
  };
}
