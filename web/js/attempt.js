// One try at linking: begins it, listens to it, and takes it up again after a reload.

import { call, serverNow } from './api.js';
import { LiveTopic } from './socket.js';

const memory = 'wharf.attempt';

export class Attempt {
  #live;

  constructor(id, topic, path, expiresAt) {
    this.id = id;
    this.topic = topic;
    this.path = path;
    this.expiresAt = expiresAt;
  }

  /** Begins a try: `{ method, phone, format, prefix }`. */
  static async begin(request) {
    const { id, topic, webSocket, expiresAt } = await call('POST', '/api/session/generate', request);
    const attempt = new Attempt(id, topic ?? `generator:${id}`, webSocket ?? '/ws', Date.parse(expiresAt));
    // Its id alone, which is worth nothing after five minutes; never the session ID.
    remember({ id, topic: attempt.topic, path: attempt.path, expiresAt });
    return attempt;
  }

  /** The try that this tab was at before a reload, if it may still live. */
  static remembered() {
    let value;
    try {
      value = JSON.parse(sessionStorage.getItem(memory) ?? 'null');
    } catch {
      return undefined;
    }
    const end = Date.parse(value?.expiresAt);
    if (!value?.id || !(end > serverNow())) return undefined;
    return new Attempt(value.id, value.topic, value.path, end);
  }

  listen({ onEvent, onRefusal, onLink }) {
    this.#live = new LiveTopic(this.path, this.topic, { onEvent, onRefusal, onLink });
  }

  requestCode(phone) {
    return call('POST', `/api/session/${this.id}/code`, { phone });
  }

  submitPasskey(assertion) {
    return call('POST', `/api/session/${this.id}/passkey`, { assertion });
  }

  confirmPasskey() {
    return call('POST', `/api/session/${this.id}/passkey/confirm`);
  }

  sandboxScan() {
    return call('POST', '/api/sandbox/scan', { attempt: this.id });
  }

  sandboxLink(code) {
    return call('POST', '/api/sandbox/link', { attempt: this.id, code });
  }

  /** Stops listening; the server goes on until it expires or is deleted. */
  leave() {
    this.#live?.close();
    this.#live = undefined;
    remember(undefined);
  }

  /** Has the server erase everything of it. Erased already is as good. */
  async delete() {
    try {
      await call('DELETE', `/api/session/${this.id}`);
    } catch (error) {
      if (error.status !== 404 && error.status !== 410) throw error;
    }
    this.leave();
  }
}

function remember(value) {
  try {
    if (value) sessionStorage.setItem(memory, JSON.stringify(value));
    else sessionStorage.removeItem(memory);
  } catch {
    // Storage is switched off; a reload then starts anew.
  }
}
