import { refusalText, text } from "./text.js";

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

/** @param {import("../../src/live_messages.ts").Reaction} reaction */
export function postReaction(reaction) {
  return post("reactions", { reaction });
}

/**
 * @param {string} action `delete`, `time-out` or `ban`.
 * @param {object} fields
 * @returns {Promise<object>}
 */
export function postModeration(action, fields) {
  return post(`moderation/${action}`, fields);
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
    throw new Error(text("error.unreachable"));
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const reason = answer.detail || text("error.unexplained", { status: response.status });
  throw new Error(refusalText({ ...answer, reason }));
}
