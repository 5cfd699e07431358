type Handler<Info> = (request: Request, info: Info) => Response | Promise<Response>;

/** Counts the answers to requests by their status. */
export class ResponseCounts {
  readonly #counts = new Map<number, number>();

  /** How many there were of each status so far. */
  get byStatus(): ReadonlyMap<number, number> {
    return this.#counts;
  }

  /** The same handler, whose answers are counted. */
  counting<Info>(handler: Handler<Info>): (request: Request, info: Info) => Promise<Response> {
    return async (request, info) => {
      const response = await handler(request, info);
      this.#counts.set(response.status, (this.#counts.get(response.status) ?? 0) + 1);
      return response;
    };
  }
}
