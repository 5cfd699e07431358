/** How long each stage of a connection may take. Milliseconds. */
export interface Patience {
  /** From its start to its first whole request header. */
  readonly header: number;
  /** From a request's header to its answer; the rest of the request must come before. */
  readonly answer: number;
  /** Between two moments at which the client reads something of an answer. */
  readonly response: number;
  /** From the end of a stream or WebSocket until the client has read the rest. */
  readonly farewell: number;
  /** From the end of an answer to the next whole request header. */
  readonly idle: number;
}
