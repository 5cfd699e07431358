/**
 * Has the server do something and says so if it does not.
 *
 * @callback Act
 * @param {string} path
 * @param {object} fields
 * @param {string} failure What did not happen then: `The title was not changed`.
 * @returns {Promise<object | null>} The answer, or `null` if it was not done.
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
      notices.error(`${failure}: ${/** @type {Error} */ (error).message}`);
      return null;
    }
  };
}
