const KEY = "studio-token";

/** The streamer's token as this tab knows it. */
export class TabToken {
  #storage;

  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage The tab's own. */
  constructor(storage) {
    this.#storage = storage;
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
    if (!token) return this.#storage.getItem(KEY);
    history.replaceState(history.state, "", pathname + search);
    return token;
  }

  /** @param {string} token */
  keep(token) {
    this.#storage.setItem(KEY, token);
  }

  forget() {
    this.#storage.removeItem(KEY);
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
