/** What `ss` of iproute2 prints of one end of a connection. */
export interface SocketFigures {
  /** The name of its congestion control. */
  readonly congestion: string;
  /** Bytes, all of them. */
  readonly queued: number;
  readonly unsent: number;
  readonly acknowledged: number;
}

/** Returns what `ss` prints of the established connection that a filter selects: `sport = :8081`. */
export async function figuresBySs(filter: string): Promise<SocketFigures> {
  const args = ["-tinHO", "state", "established", filter];
  const { stdout } = await new Deno.Command("ss", { args }).output();
  const line = new TextDecoder().decode(stdout);
  const figure = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? 0);
  return {
    congestion: /^\s*(?:\S+\s+){4}(\w+)/.exec(line)?.[1] ?? "",
    queued: figure(/^\s*\d+\s+(\d+)/),
    unsent: figure(/ notsent:(\d+)/),
    acknowledged: figure(/ bytes_acked:(\d+)/),
  };
}
