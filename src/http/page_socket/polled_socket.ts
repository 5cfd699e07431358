import type { PageTransport } from "./page_socket.ts";

/**
 * Stands in for the WebSocket of a page that cannot open one, for example behind a proxy that blocks
 * it. What is sent waits until the page asks for it.
 */
export class PolledSocket implements PageTransport {
  /** As of a WebSocket. */
  readyState: number = WebSocket.CONNECTING;
  /** As of a WebSocket: the length of what waits. */
  bufferedAmount = 0;
  /** See {@linkcode PageTransport}. */
  onopen: PageTransport["onopen"] = null;
  /** See {@linkcode PageTransport}. */
  onmessage: PageTransport["onmessage"] = null;
  /** See {@linkcode PageTransport}. */
  onclose: PageTransport["onclose"] = null;
  /** Never called: a request that fails leaves the socket as it is. */
  onerror: PageTransport["onerror"] = null;
  #waiting: string[] = [];

  /** Opens the socket, once its handlers are set. */
  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.(new Event("open"));
  }

  /** Passes on a message from the page. */
  receive(data: string): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  /** Keeps a message until the page asks for it. */
  send(text: string): void {
    this.#waiting.push(text);
    this.bufferedAmount += text.length;
  }

  /** Returns the messages that wait, oldest first. They no longer wait then. */
  take(): readonly string[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.bufferedAmount = 0;
    return taken;
  }

  /** Ends the connection. The page can still take what waits. */
  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.onclose?.(new CloseEvent("close"));
  }
}
