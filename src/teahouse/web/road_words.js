/** Which way the connection goes and why, in words. */
import { t } from './i18n.js';

/** @param {import('./types.js').Link} link */
export function transportName({ transport }) {
  return t(`road.${transport}`);
}

/**
 * Why it is not a WebSocket; nothing where it is one.
 *
 * @param {import('./types.js').Link} link
 */
export function detourWords({ detour }) {
  return detour ? t(`detour.${detour}`) : '';
}
