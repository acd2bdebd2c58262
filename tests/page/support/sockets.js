/** WebSockets without a network: a test plays the server's side of each, in the order they were opened. */

export function fakeSockets() {
  const opened = [];

  class FakeSocket {
    sent = [];
    isClosed = false;

    constructor(url, subprotocol) {
      Object.assign(this, { url, subprotocol });
      opened.push(this);
    }

    send(text) {
      if (this.isClosed) throw new Error('sent on a closed socket');
      this.sent.push(JSON.parse(text));
    }

    close() {
      this.isClosed = true;
    }

    /** The server's side: */
    accept() {
      this.onopen({});
    }

    say(event) {
      this.onmessage({ data: JSON.stringify(event) });
    }

    die(code = 1006) {
      this.isClosed = true;
      this.onclose({ code });
    }

    last(type) {
      return this.sent.filter((command) => command.type === type).pop();
    }
  }

  return {
    FakeSocket,
    opened,
    latest: () => opened[opened.length - 1],
  };
}

export function welcome(overrides = {}) {
  return {
    type: 'welcome', protocol: 1, server: 'test', epoch: 'e1', you: { id: 7, name: 'Aiko', face: 'f01' }, inbox: 100, inbox_head: 0,
    lobby: 1, now: 0, limits: { max_text_bytes: 65536, max_name_chars: 32, max_topic_chars: 200 }, resumed: false, rooms: [], ...overrides,
  };
}
