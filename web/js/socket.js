// The page's one WebSocket and the topics that it follows: after a break it connects again, and each topic catches up from its
// last event.

const firstDelay = 400;
const longestDelay = 8000;
const connections = new Map();

/** One socket for every topic of an address; open for as long as somebody follows one. */
class Connection {
  #path;
  #topics = new Map();
  #socket;
  #delay = firstDelay;
  #timer;
  #retryNow = () => this.#retry();

  constructor(path) {
    this.#path = path;
    addEventListener('online', this.#retryNow);
    document.addEventListener('visibilitychange', this.#retryNow);
  }

  add(follower) {
    const followers = this.#topics.get(follower.topic);
    if (followers) {
      // Whoever comes later wants what there was as well; those who have it pass over it.
      followers.add(follower);
      this.#send({ unsubscribe: follower.topic });
    } else {
      this.#topics.set(follower.topic, new Set([follower]));
    }
    if (this.#socket) this.#subscribe(follower.topic);
    else if (!this.#timer) this.#connect();
  }

  remove(follower) {
    const followers = this.#topics.get(follower.topic);
    if (!followers?.delete(follower) || followers.size) return;
    this.#topics.delete(follower.topic);
    this.#send({ unsubscribe: follower.topic });
    if (!this.#topics.size) this.#end();
  }

  /** A topic that the server has ended is not left, only forgotten. */
  #forget(topic) {
    this.#topics.delete(topic);
    if (!this.#topics.size) this.#end();
  }

  #end() {
    connections.delete(this.#path);
    clearTimeout(this.#timer);
    removeEventListener('online', this.#retryNow);
    document.removeEventListener('visibilitychange', this.#retryNow);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #connect() {
    this.#timer = undefined;
    const address = new URL(this.#path, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (socket !== this.#socket) return;
      for (const topic of this.#topics.keys()) this.#subscribe(topic);
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    });
    socket.addEventListener('close', () => {
      if (socket !== this.#socket) return;
      this.#socket = undefined;
      this.#tell(false);
      this.#timer = setTimeout(() => this.#connect(), this.#delay * (0.75 + Math.random() / 2));
      this.#delay = Math.min(this.#delay * 2, longestDelay);
    });
  }

  #subscribe(topic) {
    const after = Math.min(...[...this.#topics.get(topic)].map((follower) => follower.after));
    this.#send({ subscribe: topic, after });
  }

  #send(command) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }

  /** The network or the person is back: no need to sit out the delay. */
  #retry() {
    if (this.#socket || document.visibilityState === 'hidden') return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #tell(isUp) {
    for (const followers of this.#topics.values()) for (const follower of followers) follower.link(isUp);
  }

  #receive(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    this.#delay = firstDelay;
    this.#tell(true);
    if (message.error) {
      const followers = this.#topics.get(message.error.topic);
      if (!followers) return;
      this.#forget(message.error.topic);
      for (const follower of followers) follower.refuse(message.error);
    } else if (message.event) {
      for (const follower of this.#topics.get(message.topic) ?? []) follower.receive(message);
    }
  }
}

/** One topic, kept alive. */
export class LiveTopic {
  #connection;
  #onEvent;
  #onRefusal;
  #onLink;
  #closed = false;

  /**
   * `onEvent(name, data)` for each event, once and in order; `onRefusal(error)` when the topic is not to be had, or not any longer;
   * `onLink(isUp)` when the connection goes or comes back.
   */
  constructor(path, topic, { after = 0, onEvent, onRefusal, onLink }) {
    this.topic = topic;
    this.after = after;
    this.#onEvent = onEvent;
    this.#onRefusal = onRefusal;
    this.#onLink = onLink;
    if (!connections.has(path)) connections.set(path, new Connection(path));
    this.#connection = connections.get(path);
    this.#connection.add(this);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.remove(this);
  }

  link(isUp) {
    if (!this.#closed) this.#onLink?.(isUp);
  }

  refuse(error) {
    if (this.#closed) return;
    this.#closed = true;
    this.#onRefusal(error);
  }

  receive({ event, data, id }) {
    if (this.#closed) return;
    if (typeof id === 'number') {
      if (id <= this.after) return;
      this.after = id;
    }
    this.#onEvent(event, data ?? {});
  }
}
