// One topic of the server's WebSocket, kept alive: after a break it connects again and catches up from the last event.

const firstDelay = 400;
const longestDelay = 8000;

export class LiveTopic {
  #path;
  #topic;
  #onEvent;
  #onRefusal;
  #onLink;
  #socket;
  #after;
  #delay = firstDelay;
  #timer;
  #closed = false;
  #retryNow = () => this.#retry();

  /**
   * `onEvent(name, data)` for each event, once and in order; `onRefusal(error)` when the topic is not to be had;
   * `onLink(isUp)` when the connection goes or comes back.
   */
  constructor(path, topic, { after = 0, onEvent, onRefusal, onLink }) {
    this.#path = path;
    this.#topic = topic;
    this.#after = after;
    this.#onEvent = onEvent;
    this.#onRefusal = onRefusal;
    this.#onLink = onLink;
    addEventListener('online', this.#retryNow);
    document.addEventListener('visibilitychange', this.#retryNow);
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    removeEventListener('online', this.#retryNow);
    document.removeEventListener('visibilitychange', this.#retryNow);
    this.#socket?.close(1000);
  }

  #connect() {
    const address = new URL(this.#path, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ subscribe: this.#topic, after: this.#after }));
    });
    socket.addEventListener('message', ({ data }) => {
      if (!this.#closed && socket === this.#socket) this.#receive(data);
    });
    socket.addEventListener('close', () => {
      if (this.#closed || socket !== this.#socket) return;
      this.#socket = undefined;
      this.#onLink?.(false);
      this.#timer = setTimeout(() => this.#connect(), this.#delay * (0.75 + Math.random() / 2));
      this.#delay = Math.min(this.#delay * 2, longestDelay);
    });
  }

  /** The network or the person is back: no need to sit out the delay. */
  #retry() {
    if (this.#closed || this.#socket || document.visibilityState === 'hidden') return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #receive(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    this.#delay = firstDelay;
    this.#onLink?.(true);
    if (message.error && (message.error.topic ?? this.#topic) === this.#topic) {
      this.close();
      this.#onRefusal(message.error);
      return;
    }
    if (message.topic !== this.#topic || !message.event) return;
    if (typeof message.id === 'number') {
      if (message.id <= this.#after) return;
      this.#after = message.id;
    }
    this.#onEvent(message.event, message.data ?? {});
  }
}
