/**
 * What a house says to whom it shuts out, taken apart so that the page can say it in its own language. The server's sentence is
 * "you are banned from this house until 2026-11-28 16:00 UTC: reason", or "this house is closed to your network until …"; what is
 * not understood is left out, for the code alone says what matters.
 */
const SENTENCE = /^(.*?)(?: until (\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC)?(?:: ([^]*))?$/;

/**
 * @param {string} sentence
 * @returns {{isNetwork: boolean, until: number, reason: string}}   `until` in Unix ms, 0 for no end
 */
export function readBan(sentence) {
  const [, what = '', day, time, reason = ''] = SENTENCE.exec(sentence) || [];
  return { isNetwork: what.includes('network'), until: day ? Date.parse(`${day}T${time}:00Z`) : 0, reason };
}
