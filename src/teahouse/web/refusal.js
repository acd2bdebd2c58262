/**
 * Why something was not done, in the words of docs/protocol.md's table of codes. One code is the page's own: `disconnected`,
 * there is no connection now or it died before the answer.
 */

export class Refusal extends Error {
  /**
   * @param {{code: string, words: string, retry?: boolean, retry_after_s?: number}} said   an `error` event or a REST refusal
   */
  constructor({ code, words, retry = false, retry_after_s = 0 }) {
    super(words);
    this.code = code;
    this.words = words;
    this.retry = retry;
    this.retryAfterMs = retry_after_s * 1000;
  }
}

export function disconnected() {
  return new Refusal({ code: 'disconnected', words: 'there is no connection to the server', retry: true });
}

export function tooLong() {
  return new Refusal({ code: 'text_too_long', words: 'the server takes no command as long as this one' });
}
