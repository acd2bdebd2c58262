/**
 * The few requests that go by REST: what is needed before there is a session, and what no socket command gives.
 */
import { Refusal } from './refusal.js';
import { root } from './root.js';

const JSON_BODY = { 'Content-Type': 'application/json' };
const REQUEST_LIMIT_MS = 15000;

/**
 * Every function rejects with a Refusal; code `disconnected` when the server was not reached.
 *
 * @param {{fetch?: typeof globalThis.fetch, base?: string}} [parts]
 */
export function createApi({ fetch = globalThis.fetch.bind(globalThis), base = `${root}api/v1` } = {}) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async function call(method, path, body) {
    const response = await reach(fetch, base + path, {
      method,
      credentials: 'same-origin',
      headers: method === 'GET' ? {} : JSON_BODY,
      body: body && JSON.stringify(body),
    });
    if (response.status === 204) return null;
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    throw new Refusal(answer && answer.code ? answer : { code: 'internal', words: `the server answered ${response.status}` });
  }

  return {
    /** @returns {Promise<import('./types.js').House>} */
    house: () => call('GET', '/house'),

    /**
     * A random nickname.
     *
     * @param {string} lang   `zh` or `en`
     * @returns {Promise<string>}
     */
    nickname: async (lang) => (await call('GET', `/nickname?lang=${encodeURIComponent(lang)}`)).name,

    /**
     * @param {{name: string, face: string, invite?: string, ownerKey?: string}} who
     * @returns {Promise<import('./types.js').User>}
     */
    signIn: async ({ name, face, invite, ownerKey }) =>
      (await call('POST', '/session', { name, face, invite, owner_key: ownerKey })).you,

    /** @returns {Promise<void>} */
    signOut: () => call('DELETE', '/session'),

    /** @returns {Promise<import('./types.js').Token[]>} */
    tokens: async () => (await call('GET', '/tokens')).tokens,

    /**
     * A new token; its secret is told this once.
     *
     * @param {{name: string, scope: 'read'|'write', days: number, rooms?: number[]}} wish
     * @returns {Promise<{secret: string, token: import('./types.js').Token}>}
     */
    makeToken: (wish) => call('POST', '/tokens', wish),

    /** @param {number} id */
    revokeToken: (id) => call('DELETE', `/tokens/${id}`),

    /** @returns {Promise<import('./types.js').Standing[]>} */
    rooms: async () => (await call('GET', '/rooms')).rooms,
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {RequestInit} options
 */
async function reach(fetch, url, options) {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), REQUEST_LIMIT_MS);
  try {
    return await fetch(url, { ...options, signal: abort.signal });
  } catch (error) {
    throw new Refusal({ code: 'disconnected', words: `the server was not reached: ${error}`, retry: true });
  } finally {
    clearTimeout(limit);
  }
}
