import { text } from "../text.js";

/**
 * Posts a command to the server, and shows an error if it fails.
 *
 * @callback Act
 * @param {string} path
 * @param {object} fields
 * @param {string} failure What the error says did not happen: `The title was not changed`.
 * @returns {Promise<object | null>} The answer; `null` if the command failed.
 */

/**
 * @param {import("./admin.js").Admin} admin
 * @param {import("../notices.js").Notices} notices
 * @returns {Act}
 */
export function createAct(admin, notices) {
  return async (path, fields, failure) => {
    try {
      return await admin.post(path, fields);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      notices.error(text("common.because", { what: failure, why: message }));
      return null;
    }
  };
}
