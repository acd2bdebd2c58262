/** What a search found, kept as it reads now while it is shown. */

/**
 * @template {import('./types.js').FoundMessages} Answer
 * @param {Answer} answer
 * @param {import('./reads_now.js').Changes} changes
 * @returns {{answer: Answer, isWhole: boolean}}   the very same answer where nothing of it changed; not whole when something was left
 *   out, because nobody here knows what became of it
 */
export function foundAfter(answer, changes) {
  const now = answer.found.map((one) => changed(one, changes));
  const found = now.filter((one) => one !== null);
  if (now.every((one, index) => one === answer.found[index])) return { answer, isWhole: true };
  return { answer: { ...answer, found }, isWhole: found.length === now.length };
}

/**
 * Marks are of the text that was found.
 *
 * @param {import('./types.js').Found} one
 * @param {import('./reads_now.js').Changes} changes
 * @returns {import('./types.js').Found|null}
 */
function changed(one, changes) {
  const { room, message } = one;
  const text = changes.textOf(room, message.seq, message.text);
  if (text === message.text) return one;
  return text === undefined ? null : { room, message: { ...message, text, removed: text === '' }, marks: [] };
}
