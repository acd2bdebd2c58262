/**
 * The path of the house: `/`, or `/chat/` where it shares its host with others. This file lies two folders below it, under
 * `static/` and the hash of all files, so its own address tells.
 */
export const root = new URL('../../', import.meta.url).pathname;
