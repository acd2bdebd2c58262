/**
 * What the browser says about being reachable and looked at. It may be wrong ("online" means some network, and a server on
 * this very machine needs none), so a hint only ever causes a try.
 */

/**
 * @typedef {Object} Wakeups
 * @property {() => boolean} isOnline
 * @property {(handlers: {online(): void, offline(): void, visible(): void}) => () => void} listen   returns how to stop
 */

/**
 * @param {Window} window
 * @returns {Wakeups}
 */
export function browserWakeups(window) {
  const { document, navigator } = window;
  return {
    isOnline: () => navigator.onLine !== false,
    listen({ online, offline, visible }) {
      const looked = () => {
        if (document.visibilityState === 'visible') visible();
      };
      window.addEventListener('online', online);
      window.addEventListener('offline', offline);
      // A page that comes back from the back-forward cache has lost its socket without a word.
      window.addEventListener('pageshow', looked);
      document.addEventListener('visibilitychange', looked);
      return () => {
        window.removeEventListener('online', online);
        window.removeEventListener('offline', offline);
        window.removeEventListener('pageshow', looked);
        document.removeEventListener('visibilitychange', looked);
      };
    },
  };
}
