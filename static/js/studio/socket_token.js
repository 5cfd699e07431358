/**
 * The subprotocol by which a WebSocket shows the streamer's token: browsers let a page send no other header with it.
 *
 * @param {string} token
 */
export function tokenProtocol(token) {
  const bytes = new TextEncoder().encode(token);
  const base64 = btoa(String.fromCharCode(...bytes));
  return `token.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}
