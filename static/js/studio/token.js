/** The streamer's token as this tab knows it. */
export class TabToken {
  #storage;
  #key;

  /**
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage The tab's own.
   * @param {string} path Of the studio: several servers may be found under one host name.
   */
  constructor(storage, path) {
    this.#storage = storage;
    this.#key = `studio-token ${path}`;
  }

  /**
   * Takes the token out of the address, so that it stands neither there nor in the history.
   *
   * @param {Pick<Location, "hash" | "pathname" | "search">} location
   * @param {Pick<History, "replaceState" | "state">} history
   * @returns {string | null} That one, or else the one that was kept.
   */
  take({ hash, pathname, search }, history) {
    const token = decode(hash.slice(1));
    if (!token) return this.#storage.getItem(this.#key);
    history.replaceState(history.state, "", pathname + search);
    return token;
  }

  /** @param {string} token */
  keep(token) {
    this.#storage.setItem(this.#key, token);
  }

  forget() {
    this.#storage.removeItem(this.#key);
  }
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
