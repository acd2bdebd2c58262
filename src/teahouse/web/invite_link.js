/** The link of an invite that was just made: by which address others reach the house. */
import { root } from './root.js';

/**
 * It is the one at which this page is open, unless that is this machine's own: then the house's, if it knows a better one.
 *
 * @param {{key: string, reached_at: string[]}} made   by the command `invite`
 * @param {string} [page]   the address of this page
 */
export function inviteLink({ key, reached_at: [known] }, page = new URL(root, location.href).href) {
  return `${known && isHereOnly(page) ? `${known}/` : page}#invite=${key}`;
}

/**
 * Whether an address leads nobody here who is at another machine.
 *
 * @param {string} address
 */
export function isHereOnly(address) {
  return /^(localhost|127\.[0-9.]+|\[::1\])$/.test(new URL(address).hostname);
}
