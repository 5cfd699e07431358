/** Counts what viewers donate while the server runs. */
export class Donations {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes one donation and gives how many there are now. */
  add(): number {
    return ++this.#count;
  }
}
