/** What `--admin-token` accepts. Fragments of the page's own links are shorter: `#chat`. */
const TOKEN = /^[\w-]{12,200}$/;

/** Keeps the streamer's token in this tab. */
export class TabToken {
  #storage;
  #key;

  /**
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage Belongs to the tab.
   * @param {string} path The path of the studio, because several servers may share a host name.
   */
  constructor(storage, path) {
    this.#storage = storage;
    this.#key = `studio-token ${path}`;
  }

  /**
   * Removes the token from the address bar and from the history.
   *
   * @param {Pick<Location, "hash" | "pathname" | "search">} location
   * @param {Pick<History, "replaceState" | "state">} history
   * @returns {string | null} The token of the address, or else the kept one.
   */
  take({ hash, pathname, search }, history) {
    const token = hash.slice(1);
    if (!TOKEN.test(token)) return this.#storage.getItem(this.#key);
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
