/** A handler of requests, as `Deno.serve` takes it. */
export type Handler<Info> = (request: Request, info: Info) => Response | Promise<Response>;

/** Counts responses by status. */
export class ResponseCounts {
  readonly #counts = new Map<number, number>();

  /** Responses so far, by status. */
  get byStatus(): ReadonlyMap<number, number> {
    return this.#counts;
  }

  /** Wraps a handler so that its responses are counted. */
  counting<Info>(handler: Handler<Info>): (request: Request, info: Info) => Promise<Response> {
    return async (request, info) => {
      const response = await handler(request, info);
      this.#counts.set(response.status, (this.#counts.get(response.status) ?? 0) + 1);
      return response;
    };
  }
}
