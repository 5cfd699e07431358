const TIMEOUT_MS = 20_000;

/** Why something was not done, in words for the streamer. */
export class AdminProblem extends Error {
  /** Of the server's answer; 0 without one. */
  status;

  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }

  /** Whether the server does not take the token. */
  get isDenied() {
    return this.status === 401 || this.status === 429;
  }
}

/** Asks the server for what is the streamer's alone. */
export class Admin {
  #fetch;
  #onDenied;
  #token = "";

  /**
   * @param {object} options
   * @param {(problem: AdminProblem) => void} options.onDenied The token is not taken (any more).
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   */
  constructor({ onDenied, fetch = (url, init) => globalThis.fetch(url, init) }) {
    this.#onDenied = onDenied;
    this.#fetch = fetch;
  }

  /** @param {string} token What is shown from now on. */
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
    return await (await this.#ask(path, {})).json();
  }

  /**
   * @param {string} path
   * @throws {AdminProblem}
   */
  async blob(path) {
    return await (await this.#ask(path, {})).blob();
  }

  /**
   * @param {string} path
   * @param {object} fields
   * @throws {AdminProblem}
   */
  async post(path, fields) {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(fields) };
    return await (await this.#ask(path, init)).json();
  }

  /**
   * Like `fetch`, with the token.
   *
   * @param {string} url
   * @param {RequestInit & { headers?: Record<string, string> }} init
   */
  fetch(url, init) {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    return this.#fetch(url, { ...init, headers });
  }

  /**
   * @param {string} path
   * @param {RequestInit & { headers?: Record<string, string> }} init
   */
  async #ask(path, init) {
    let answer;
    try {
      answer = await this.fetch(path, {
        ...init,
        headers: { accept: "application/json", ...init.headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        cache: "no-store",
      });
    } catch {
      throw new AdminProblem("The server cannot be reached", 0);
    }
    if (answer.ok) return answer;
    const { detail } = await answer.json().catch(() => ({}));
    const reason = typeof detail === "string" && detail ? detail : "";
    const problem = new AdminProblem(
      reason || `The server answered ${answer.status}`,
      answer.status,
    );
    if (problem.isDenied) this.#onDenied(problem);
    throw problem;
  }
}
