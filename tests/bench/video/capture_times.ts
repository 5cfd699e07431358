import { StreamClient } from "../../support/stream_client.ts";

/** Notes when the server received each frame, by a stream of its own over loopback. */
export class CaptureTimes implements AsyncDisposable {
  readonly #client: StreamClient;
  readonly #times: Map<number, number>;

  private constructor(client: StreamClient, times: Map<number, number>) {
    this.#client = client;
    this.#times = times;
  }

  static async open(port: number): Promise<CaptureTimes> {
    const times = new Map<number, number>();
    const client = await StreamClient.open(`http://127.0.0.1:${port}/stream`, {
      // A repeated frame counts from its first time.
      onFrame: ({ sequence, age }) => times.has(sequence) || times.set(sequence, Date.now() - age),
    });
    return new CaptureTimes(client, times);
  }

  /** Returns wall time, milliseconds; `undefined` for a frame that was not seen. */
  of(sequence: number): number | undefined {
    return this.#times.get(sequence);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }
}
