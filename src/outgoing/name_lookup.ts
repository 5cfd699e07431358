import { C_LIBRARY } from "../c_library.ts";
import { OutgoingError } from "./connection.ts";

const SYMBOLS = {
  getaddrinfo: {
    parameters: ["buffer", "pointer", "buffer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  freeaddrinfo: { parameters: ["pointer"], result: "void" },
  gai_strerror: { parameters: ["i32"], result: "pointer" },
} as const;

/** `AF_INET`, `SOCK_STREAM`; <sys/socket.h> of Linux and macOS. */
const IPV4 = 2;
const STREAM = 1;

/** Bytes of `struct addrinfo`; where its `ai_addr` is, which macOS has behind `ai_canonname`. */
const ADDRINFO = 48;
const ADDRESS_AT = Deno.build.os === "darwin" ? 32 : 24;

/** Where `struct sockaddr_in` has the four bytes of the address. */
const IPV4_AT = 4;

/**
 * Looks up names as all programs of the system do, in /etc/hosts and by mDNS too if it is set up so. Deno's own
 * look-up needs a permission for each name.
 */
export class NameLookup implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;

  /** @throws This is another system, the C library is another, or Deno may not call it. */
  constructor() {
    const { os } = Deno.build;
    if (os !== "linux" && os !== "darwin") throw new Error(`not supported on ${os}`);
    this.#library = Deno.dlopen(C_LIBRARY, SYMBOLS);
  }

  /**
   * Resolves to the first IPv4 address of a name.
   *
   * @throws {OutgoingError} There is none.
   */
  async find(name: string): Promise<string> {
    const hints = new Int32Array(ADDRINFO / Int32Array.BYTES_PER_ELEMENT);
    hints.set([0, IPV4, STREAM]);
    const found = new BigUint64Array(1);
    const { getaddrinfo, freeaddrinfo, gai_strerror } = this.#library.symbols;
    const text = new TextEncoder().encode(`${name}\0`);
    const code = await getaddrinfo(text, null, hints, found);
    if (code !== 0) {
      const reason = gai_strerror(code);
      throw new OutgoingError(
        reason === null ? "no such host" : Deno.UnsafePointerView.getCString(reason).toLowerCase(),
      );
    }
    const first = Deno.UnsafePointer.create(found[0]!);
    try {
      const address = first && new Deno.UnsafePointerView(first).getPointer(ADDRESS_AT);
      if (!address) throw new OutgoingError("no such host");
      const view = new Deno.UnsafePointerView(address);
      return [0, 1, 2, 3].map((index) => view.getUint8(IPV4_AT + index)).join(".");
    } finally {
      freeaddrinfo(first);
    }
  }

  /** Closes the C library. Nothing must be looked up any more. */
  [Symbol.dispose](): void {
    this.#library.close();
  }
}
