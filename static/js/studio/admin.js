import { refusalText, text } from "../text.js";
import { waitText } from "../time_text.js";

const TIMEOUT_MS = 20_000;
/** A long chat takes a while on a slow link. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** An error whose message is for the streamer to read. */
export class AdminProblem extends Error {
  /** The HTTP status of the server's answer; 0 without an answer. */
  status;

  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }

  /** Whether the server refuses the token. */
  get isDenied() {
    return this.status === 401 || this.status === 429;
  }
}

/** Sends the server requests that need the streamer's token. */
export class Admin {
  #fetch;
  #onDenied;
  #token = "";

  /**
   * @param {object} options
   * @param {(problem: AdminProblem) => void} options.onDenied The server refuses the token.
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   */
  constructor({ onDenied, fetch = (url, init) => globalThis.fetch(url, init) }) {
    this.#onDenied = onDenied;
    this.#fetch = fetch;
  }

  /** @param {string} token The token of the requests that follow. */
  set token(token) {
    this.#token = token;
  }

  get token() {
    return this.#token;
  }

  /**
   * @param {string} path
   * @throws {AdminProblem}
   */
  async get(path) {
    return await (await this.#ask(path)).json();
  }

  /**
   * @param {string} path
   * @throws {AdminProblem}
   */
  async blob(path) {
    const answer = await this.#ask(path, undefined, DOWNLOAD_TIMEOUT_MS);
    try {
      return await answer.blob();
    } catch {
      throw new AdminProblem(text("error.unreachable"), 0);
    }
  }

  /**
   * @param {string} path
   * @param {object} fields
   * @throws {AdminProblem}
   */
  async post(path, fields) {
    return await (await this.#ask(path, JSON.stringify(fields))).json();
  }

  /**
   * Like `fetch`, with the token.
   *
   * @param {string} url
   * @param {RequestInit} init
   */
  async fetch(url, init) {
    const token = this.#token;
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    const answer = await this.#fetch(url, { ...init, headers });
    const problem = deniedBy(answer);
    // An answer to an earlier token says nothing about the current one.
    if (problem && token === this.#token) this.#onDenied(problem);
    return answer;
  }

  /**
   * @param {string} path
   * @param {string} [body] JSON.
   * @param {number} [timeout] Milliseconds.
   */
  async #ask(path, body, timeout = TIMEOUT_MS) {
    const headers = new Headers({ accept: "application/json" });
    if (body !== undefined) headers.set("content-type", "application/json");
    const method = body === undefined ? "GET" : "POST";
    const signal = AbortSignal.timeout(timeout);
    let answer;
    try {
      answer = await this.fetch(path, { method, headers, body, signal, cache: "no-store" });
    } catch {
      throw new AdminProblem(text("error.unreachable"), 0);
    }
    if (answer.ok) return answer;
    const denied = deniedBy(answer);
    if (denied) throw denied;
    const problem = await answer.json().catch(() => ({}));
    const { status } = answer;
    const reason = problem.detail || text("error.unexplained", { status });
    throw new AdminProblem(refusalText({ ...problem, reason }), status);
  }
}

/** @param {Response} answer */
function deniedBy({ status, headers }) {
  if (status === 401) {
    return new AdminProblem(text("studio.signIn.wrong"), status);
  }
  if (status !== 429) return null;
  const seconds = Number(headers.get("retry-after")) || 600;
  const wait = waitText(seconds * 1000);
  return new AdminProblem(text("studio.signIn.locked", { wait }), status);
}
