/** @typedef {import("./settings.js").Settings} Settings */

const TIMEOUT_MS = 8000;

/**
 * @param {Partial<Settings>} change
 * @returns {Promise<Settings>} All settings as they now are.
 */
export function postSettings(change) {
  return post("settings", change);
}

/**
 * @param {{ key: string, amount: number | null, name?: string, message?: string }} gift The same key counts once.
 * @returns {Promise<unknown>}
 */
export function postDonation(gift) {
  return post("donate", gift);
}

/**
 * @param {string} url
 * @param {unknown} body
 * @throws {Error} whose message tells the viewer what is wrong.
 */
async function post(url, body) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Accept": "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
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
