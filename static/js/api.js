/** @typedef {import("./settings.js").Settings} Settings */

/**
 * @typedef {object} StreamState What the page shows of the server's state.
 * @property {boolean} live
 * @property {string | null} reason Why it is off air.
 * @property {string} title
 * @property {number} viewers
 * @property {string} instance_id Another one after each start of the server.
 * @property {Settings & { lowered: boolean }} you `lowered`: they get less than they chose, to share the uplink.
 */

const TIMEOUT_MS = 8000;

/** @returns {Promise<StreamState>} */
export async function fetchState() {
  const { result } = await ask("/state", { method: "GET" });
  return result;
}

/**
 * @param {Partial<Settings>} change
 * @returns {Promise<Settings>} All settings as they now are.
 */
export function postSettings(change) {
  return ask("/settings", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(change),
  });
}

export function postDonation() {
  return ask("/donate", { method: "POST" });
}

/**
 * @param {string} url
 * @param {RequestInit & { headers?: Record<string, string> }} init
 * @throws {Error} whose message tells the viewer what is wrong.
 */
async function ask(url, init) {
  let response;
  try {
    response = await fetch(url, {
      ...init,
      headers: { ...init.headers, Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
    });
  } catch {
    throw new Error("The server cannot be reached");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error(answer.detail || `The server answered ${response.status}`);
}
