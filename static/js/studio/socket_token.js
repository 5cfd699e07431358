/**
 * Returns the subprotocol that carries the streamer's token. Browsers let a page set no other header of a WebSocket.
 *
 * @param {string} token
 */
export function tokenProtocol(token) {
  const bytes = new TextEncoder().encode(token);
  const base64 = btoa(String.fromCharCode(...bytes));
  return `token.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}
