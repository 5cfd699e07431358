import { type ListeningAt, sharedAddress, viewerAddresses } from "./addresses.ts";

/** Where other devices on the network find the page. */
export class NetworkAddress {
  #listeningAt: ListeningAt | null = null;

  /** The page's address, which may change with the machine's; `null` where no other device can reach it. */
  get url(): string | null {
    if (!this.#listeningAt) return null;
    return sharedAddress(viewerAddresses(this.#listeningAt))?.url ?? null;
  }

  /** Notes where the server listens. */
  set(listeningAt: ListeningAt): void {
    this.#listeningAt = listeningAt;
  }
}
