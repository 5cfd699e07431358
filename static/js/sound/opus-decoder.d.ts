/** What opus-decoder.min.js puts into `globalThis["opus-decoder"]`, as far as we use it. */
export interface OpusDecoderLibrary {
  readonly OpusDecoder: new (options: { channels: number }) => {
    readonly ready: Promise<void>;
    decodeFrame(packet: Uint8Array): {
      readonly channelData: readonly Float32Array[];
      readonly samplesDecoded: number;
      readonly errors: readonly { readonly message: string }[];
    };
    free(): void;
  };
}
