/** @typedef {import("./choices.js").Choices} Choices */

const TIMEOUT_MS = 8000;

/**
 * @param {Partial<Choices>} change
 * @returns {Promise<Choices>} All choices after the change.
 */
export function postChoices(change) {
  return post("settings", change);
}

/**
 * @param {{ key: string, amount: number | null, name?: string, message?: string }} gift Donations with the same key count once.
 * @returns {Promise<unknown>}
 */
export function postDonation(gift) {
  return post("donate", gift);
}

/**
 * @param {string} url
 * @param {unknown} body
 * @throws {Error} Its message is for the viewer to read.
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
    throw new Error("Can't reach the server");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Error(answer.detail || `The server answered ${response.status}`);
}
