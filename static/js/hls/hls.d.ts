/** What hls.light.min.js puts into `globalThis.Hls`, as far as we use it. */
export interface HlsLibrary {
  new (options: Readonly<Record<string, unknown>>): HlsPlayer;
  isSupported(): boolean;
}

/** An instance of hls.js. */
export interface HlsPlayer {
  readonly playingDate: Date | null;
  readonly config: { liveMaxLatencyDuration: number; playlistLoadPolicy: unknown };
  /** Seconds behind the end of the playlist. */
  targetLatency: number;
  loadSource(url: string): void;
  attachMedia(video: HTMLVideoElement): void;
  on(
    event: "hlsError",
    listener: (event: string, data: HlsError) => void,
  ): void;
  on(
    event: "hlsLevelLoaded",
    listener: (event: string, data: { readonly details: HlsPlaylist }) => void,
  ): void;
  startLoad(): void;
  recoverMediaError(): void;
  destroy(): void;
}

/** What went wrong. */
export interface HlsError {
  /** Whether it does not go on by itself. */
  readonly fatal: boolean;
  /** `mediaError`, `networkError` … */
  readonly type: string;
  /** `manifestIncompatibleCodecsError` … */
  readonly details: string;
}

/** A media playlist. */
export interface HlsPlaylist {
  /** Whether the server holds requests back until there is something new; caches do not. */
  readonly canBlockReload: boolean;
}
