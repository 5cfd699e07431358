/** JavaScript memory after a garbage collection, which only a leak makes grow. */
export interface Heap {
  /** Objects, in MiB. */
  readonly objects: number;
  /** Array buffers, in MiB. */
  readonly buffers: number;
}

/** Collections needed to free what finalizers release. */
const COLLECTIONS = 3;

/**
 * Collects garbage through a program's inspector (`--inspect`), and returns what is left on its main
 * thread.
 *
 * @param output The program's output, with the inspector's address.
 * @returns `null` without an inspector, as in the executable.
 */
export async function heapOf(output: string): Promise<Heap | null> {
  await using inspector = await Inspector.open(output);
  if (!inspector) return null;
  for (let i = 0; i < COLLECTIONS; i++) await inspector.ask("HeapProfiler.collectGarbage");
  const usage = await inspector.ask("Runtime.getHeapUsage");
  const mebibytes = (name: string) => Number(usage[name]) / 2 ** 20;
  return { objects: mebibytes("usedSize"), buffers: mebibytes("backingStorageSize") };
}

/**
 * Returns the number of remaining objects of each class. This costs the program some hundred
 * milliseconds, and as many MiB that it does not release soon.
 */
export async function censusOf(output: string): Promise<ReadonlyMap<string, number> | null> {
  await using inspector = await Inspector.open(output);
  return inspector && count(await inspector.snapshot());
}

/** A Chrome DevTools Protocol connection. */
class Inspector implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #closed: Promise<unknown>;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  #chunks: string[] = [];
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The inspector hung up"));
    };
  }

  static async open(output: string): Promise<Inspector | null> {
    const [, address] = /Debugger listening on (ws:\S+)/.exec(output) ?? [];
    if (address === undefined) return null;
    const socket = new WebSocket(address);
    const inspector = new Inspector(socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`Cannot ask the inspector: ${address}`));
    });
    return inspector;
  }

  ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#asked;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer.promise.finally(() => this.#waiting.delete(id));
  }

  async snapshot(): Promise<Snapshot> {
    this.#chunks = [];
    await this.ask("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
    return JSON.parse(this.#chunks.join(""));
  }

  #take({ id, error, method, params, result }: ProtocolMessage): void {
    if (method === "HeapProfiler.addHeapSnapshotChunk") this.#chunks.push(params!.chunk);
    if (id === undefined) return;
    if (error) this.#waiting.get(id)?.reject(new Error(error.message));
    else this.#waiting.get(id)?.resolve(result!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed;
  }
}

interface ProtocolMessage {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: { readonly chunk: string };
  readonly result?: Record<string, unknown>;
}

/** The used parts of V8's heap snapshot format. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  /** The fields of all nodes, one node after another. */
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

function count({ snapshot: { meta }, nodes, strings }: Snapshot): Map<string, number> {
  const objects = meta.node_types[0].indexOf("object");
  const [typeAt, nameAt] = ["type", "name"].map((field) => meta.node_fields.indexOf(field));
  const census = new Map<string, number>();
  for (let at = 0; at < nodes.length; at += meta.node_fields.length) {
    if (nodes[at + typeAt] !== objects) continue;
    const name = strings[nodes[at + nameAt]];
    census.set(name, (census.get(name) ?? 0) + 1);
  }
  return census;
}
