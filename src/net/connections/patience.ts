/** How long each stage of a connection may take. Milliseconds. */
export interface Patience {
  /** From its begin to its first whole request header. */
  readonly header: number;
  /** From a request's header to its answer; whatever else the request sends must come before. */
  readonly answer: number;
  /** From one time that the client takes something of an answer to the next. */
  readonly response: number;
  /** From the end of a stream or WebSocket until the client has taken what was left of it. */
  readonly farewell: number;
  /** From the end of an answer to the next whole request header. */
  readonly idle: number;
}
