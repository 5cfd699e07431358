import { C_LIBRARY } from "../c_library.ts";
import { UserError } from "../errors.ts";

/*
 * Flags of open(2), the same on x86-64 and ARM64.
 */
const O_RDWR = 0o2;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

/**
 * The system calls, each on a thread of its own: a USB camera may take 100 ms to answer one, and a broken
 * one 5 s. `errno` belongs to that thread, so it cannot be read here.
 */
const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32", nonblocking: true },
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32", nonblocking: true },
  close: { parameters: ["i32"], result: "i32", nonblocking: true },
} as const;

/**
 * A video device of Linux, open for its controls. Video4Linux allows that while another program streams
 * from it (section "Multiple Opens" of its documentation).
 *
 * Close it soon: a device that is unplugged while it is open keeps its name, so that it comes back under
 * another one.
 */
export class VideoDevice implements AsyncDisposable {
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #descriptor: number;

  private constructor(library: Deno.DynamicLibrary<typeof SYMBOLS>, descriptor: number) {
    this.#library = library;
    this.#descriptor = descriptor;
  }

  /**
   * Opens a device.
   *
   * @param path The path of the device, such as `/dev/video0`.
   * @param libraryPath The C library.
   * @throws {UserError} The device does not exist, or this user may not open it.
   */
  static async open(path: string, libraryPath = C_LIBRARY): Promise<VideoDevice> {
    const library = Deno.dlopen(libraryPath, SYMBOLS);
    const name = new TextEncoder().encode(`${path}\0`);
    const descriptor = await library.symbols.open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0) return new VideoDevice(library, descriptor);
    library.close();
    throw new UserError(
      `Cannot open ${path} to read its controls: it is not connected, or you have no permission`,
    );
  }

  /**
   * Calls ioctl(2).
   *
   * @param data The structure of the request, which the kernel may change.
   * @returns Whether the driver did what the request asks for.
   */
  async control(request: bigint, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
    return await this.#library.symbols.ioctl(this.#descriptor, request, data) === 0;
  }

  /** Closes the device. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#library.symbols.close(this.#descriptor);
    this.#library.close();
  }
}
