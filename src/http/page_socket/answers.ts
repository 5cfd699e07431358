import type { Audience } from "../../audience/audience.ts";
import type { Replays } from "../../audience/replays.ts";
import type { Chat } from "../../channel/chat.ts";
import { explain } from "../../channel/explanation.ts";
import { messageOf } from "../../errors.ts";
import type { ClientMessage } from "../../live_messages.ts";
import type { Logger } from "../../log/log.ts";
import type { PostLimit } from "../post_limit.ts";
import type { ListeningPages } from "./listening_pages.ts";
import type { PageSocket } from "./page_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** Options of {@linkcode Answers}. */
export interface AnswersOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** The messages. */
  readonly chat: Chat;
  /** Receives what pages report about their streams. */
  readonly audience: Pick<Audience, "pages">;
  /** Replays in progress; `null` if rewind is disabled. */
  readonly replays: Pick<Replays, "change"> | null;
  /** The pages that listen. */
  readonly listening: Pick<ListeningPages, "listen" | "heard" | "follow">;
  /** Limits how often one address changes something. */
  readonly posts: PostLimit;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
}

type Message<Type extends ClientMessage["type"]> = Extract<ClientMessage, { readonly type: Type }>;

/** Does what pages ask for. */
export class Answers {
  readonly #options: AnswersOptions;
  #failures = 0;

  /** Answers every message from now on. */
  constructor(options: AnswersOptions) {
    this.#options = options;
    options.sockets.events.on("message", ({ message, socket }) => this.#try(message, socket));
  }

  /** Messages that could not be answered because of a fault in this program. */
  get failures(): number {
    return this.#failures;
  }

  #try(message: ClientMessage, socket: PageSocket): void {
    try {
      this.#answer(message, socket);
    } catch (error) {
      // One page's message must not end the program.
      this.#failures++;
      this.#options.log.error(`Cannot answer a ${message.type} message: ${messageOf(error)}`);
      socket.send({ type: "error", ...explain("server") });
    }
  }

  #answer(message: ClientMessage, socket: PageSocket): void {
    switch (message.type) {
      case "painted":
        return this.#painted(message, socket);
      case "chat":
        return this.#chat(message, socket);
      case "older":
        return this.#older(message, socket);
      case "listen":
        return this.#options.listening.listen(socket, message.on);
      case "heard":
        return this.#options.listening.heard(socket, message);
      case "replay":
        return this.#replay(message, socket);
    }
  }

  #painted({ type: _, ...report }: Message<"painted">, socket: PageSocket): void {
    socket.stream = report.stream;
    this.#options.audience.pages.painted({ ...report, viewer: socket.peer.cookie });
    this.#options.listening.follow(socket);
  }

  #replay({ type: _, stream, ...change }: Message<"replay">, socket: PageSocket): void {
    this.#options.replays?.change(socket.peer.cookie, stream, change);
  }

  #chat({ type: _, ...post }: Message<"chat">, socket: PageSocket): void {
    const { chat, posts } = this.#options;
    const { viewer, capacityKey } = socket.peer;
    const { key } = post;
    const wait = posts.take(capacityKey);
    if (wait > 0) {
      return socket.send({ type: "refused", key, ...explain("too-much"), retryAfter: wait });
    }
    const posted = chat.post({ viewer, ...post });
    if ("refused" in posted) {
      const { storeFailed: _, ...refusal } = posted.refused;
      socket.send({ type: "refused", key, ...refusal });
    } else if (posted.repeated) socket.send({ type: "chat", message: posted.message, key });
  }

  #older({ before }: Message<"older">, socket: PageSocket): void {
    const { chat, posts } = this.#options;
    const { capacityKey, isStudio } = socket.peer;
    // Old messages are read from the data file, so they count like changes.
    if (!isStudio && posts.take(capacityKey) > 0) {
      return socket.send({ type: "error", ...explain("too-much") });
    }
    socket.send({ type: "older", before, ...chat.before(before) });
  }
}
