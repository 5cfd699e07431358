import type { Clock } from "../../clock.ts";
import { AnswerGate } from "./answer_gate.ts";
import type { ConnectionTable } from "./connection_table.ts";
import type { Exchange } from "./exchange.ts";
import type { Kept } from "./kept_connections.ts";
import { metered } from "./metered_body.ts";

/** A request whose connection may have others under way. */
export interface SharedRequest {
  /** Its connection. */
  readonly kept: Kept;
  /** What has become of it so far. */
  readonly exchange: Exchange;
  /** Whose it is. */
  readonly client: string;
  /** Settles when the last byte of the answer was sent, or when none will be any more. */
  readonly completed: Promise<void>;
}

/** Answers requests that share connections, so that a client that reads nothing delays only itself. */
export class SharedAnswers {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #gate: AnswerGate;

  /** Creates one that answers nothing yet. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
    this.#gate = new AnswerGate(clock);
  }

  /** Answers as `handler` does when the request's turn comes; with 503 if the client has too many. */
  async answer(
    table: ConnectionTable,
    { kept, exchange, client, completed }: SharedRequest,
    handler: () => Promise<Response>,
  ): Promise<Response> {
    if (table.isBusy(kept)) return busy();
    const turn = this.#gate.enter(client);
    if (turn) {
      exchange.queue(() => this.#gate.progressAt(client));
      await turn;
      exchange.dequeue(this.#clock.monotonic());
    }
    let leave = (isTaken: boolean) => {
      leave = () => {};
      this.#gate.leave(client, isTaken);
    };
    completed.then(() => leave(!kept.isDropped), () => leave(false));
    if (kept.isDropped) return busy();
    const response = await handler();
    if (exchange.isHeld) {
      leave(true);
      return response;
    }
    if (kept.isDropped) return busy();
    return await metered(
      response,
      (bytes) => {
        exchange.meter(bytes);
        table.bound(kept);
      },
      () => exchange.take(this.#clock.monotonic()),
    );
  }
}

function busy(): Response {
  return new Response(null, { status: 503, headers: { "retry-after": "1" } });
}
