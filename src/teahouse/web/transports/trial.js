/** Finds out whether WebSockets get through, without becoming anybody's connection. */

const LIMIT_MS = 8000;
/** The server's answer to whatever comes before a hello: that it arrives proves both directions. */
const HELLO_EXPECTED = 4002;

/**
 * @param {{url: string, subprotocol: string, WebSocketClass: any, clock: {set(fn: () => void, ms: number): any, clear(id: any): void}}} parts
 * @returns {Promise<boolean>}
 */
export function trial({ url, subprotocol, WebSocketClass, clock }) {
  return new Promise((resolve) => {
    const socket = new WebSocketClass(url, subprotocol);
    const end = (/** @type {boolean} */ worked) => {
      clock.clear(limit);
      socket.onopen = socket.onclose = null;
      socket.close();
      resolve(worked);
    };
    const limit = clock.set(() => end(false), LIMIT_MS);
    socket.onopen = () => socket.send('{"type":"ping"}');
    socket.onclose = (/** @type {{code: number}} */ { code }) => end(code === HELLO_EXPECTED);
  });
}
