/** Who keeps the peace, and over whom: what the page offers. The server decides anew (docs/protocol.md, "Keeping peace"). */

/** @typedef {import('./types.js').User} User */

/** @type {Record<string, number>} */
const RANKS = { owner: 2, admin: 1 };

/** @param {User|null|undefined} user */
export function rank(user) {
  return RANKS[user?.role || ''] || 0;
}

/** @param {User|null|undefined} user */
export function isKeeper(user) {
  return rank(user) > 0;
}

/**
 * Nobody acts on someone of their own rank or above, nor on the robot.
 *
 * @param {User|null|undefined} you
 * @param {User} user
 */
export function mayKeep(you, user) {
  return user.role !== 'bot' && user.id !== you?.id && rank(you) > rank(user);
}
