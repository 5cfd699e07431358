/**
 * Returns the address that opens the studio without asking for the token, which browsers do not send:
 * it is in the fragment.
 *
 * @param page The address of the watch page; ends with `/`.
 */
export function studioUrl(page: string, token: string): string {
  return `${page}studio#${token}`;
}
