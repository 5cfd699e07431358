import { refusalText, text } from "./text.js";

/** @typedef {import("./choices.js").Choices} Choices */

const TIMEOUT_MS = 8000;

/**
 * @param {Partial<Choices>} change
 * @returns {Promise<Choices>} All choices after the change.
 */
export function postChoices(change) {
  return ask("settings", change);
}

/**
 * @param {{ key: string, amount: number | null, name?: string, message?: string }} gift Donations with the same key count once.
 * @returns {Promise<unknown>}
 */
export function postDonation(gift) {
  return ask("donate", gift);
}

/** @param {import("../../src/live_messages.ts").Reaction} reaction */
export function postReaction(reaction) {
  return ask("reactions", { reaction });
}

/**
 * @param {string} action `delete`, `time-out` or `ban`.
 * @param {object} fields
 * @returns {Promise<object>}
 */
export function postModeration(action, fields) {
  return ask(`moderation/${action}`, fields);
}

/**
 * Posts a body as JSON; without one, gets.
 *
 * @param {string} url
 * @param {unknown} [body]
 * @throws {Error & { status: number }} Its message is for the viewer to read; the status is 0 without an answer.
 */
export async function ask(url, body) {
  let response;
  try {
    response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Accept": "application/json", "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
    });
  } catch {
    throw problem(text("error.unreachable"), 0);
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { status } = response;
  const reason = answer.detail || text("error.unexplained", { status });
  throw problem(refusalText({ ...answer, reason }), status);
}

/**
 * @param {string} message
 * @param {number} status
 */
function problem(message, status) {
  return Object.assign(new Error(message), { status });
}
