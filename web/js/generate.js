// The page that turns a phone into a session ID: wires the views to one attempt at a time.

import { Attempt } from './attempt.js';
import { CodeView } from './code-view.js';
import { DecoderView } from './decoder-view.js';
import { FormatView } from './format-view.js';
import { PasskeyView } from './passkey-view.js';
import { ProblemView } from './problem-view.js';
import { ProgressView } from './progress-view.js';
import { QRView } from './qr-view.js';
import { ResultView } from './result-view.js';
import { bringIntoView, byID, isBusy, setBusy } from './dom.js';
import { locale, problemText, texts, told } from './texts.js';

const said = {
  connecting: texts('said.connecting'),
  ready: texts('said.ready'),
  code: texts('said.code'),
  linking: texts('said.linking'),
  passkey: texts('said.passkey'),
  done: texts('said.done'),
};

class GeneratorPage {
  #root = byID('generator');
  #form = byID('link-form');
  #attempt;
  #state = 'idle';
  /** The last sentence about the state, to come back to. */
  #text = '';
  #method = 'qr';
  /** What the last error said; the reason when a failed status follows it. */
  #lastProblem = '';
  /** A number that waits until the service takes requests for codes. */
  #pendingNumber;
  #jid = '';

  #format = new FormatView(() => this.#result.rewrite());
  #progress = new ProgressView(() => this.#cancel());
  #problem = new ProblemView(() => this.#again());
  #qr = new QRView((button) => this.#sandbox(button, () => this.#attempt.sandboxScan()));
  #code = new CodeView((button, code) => this.#sandbox(button, () => this.#attempt.sandboxLink(code)));
  #passkey = new PasskeyView({
    onAssertion: (assertion) => this.#attempt.submitPasskey(assertion),
    onConfirm: () => this.#attempt.confirmPasskey().catch((error) => this.#progress.say(error.message)),
    onDiffer: () => this.#cancel(),
  });
  #result = new ResultView({
    format: this.#format,
    onWipe: () => this.#wipe(),
    onAgain: () => this.#startOver(),
  });

  constructor() {
    this.#form.addEventListener('submit', (event) => this.#submit(event));
    const remembered = Attempt.remembered();
    if (remembered) this.#follow(remembered);
  }

  #submit(event) {
    event.preventDefault();
    const button = event.submitter;
    const isDefault = !button || button.tabIndex === -1;
    // Enter in a field presses the first button of the form; only in the number's field does that mean something.
    if (isDefault && !this.#code.hasFocus) return;
    this.#begin(isDefault ? 'code' : button.value, isDefault ? byID('start-code') : button);
  }

  async #begin(method, button) {
    if (button && isBusy(button)) return;
    const number = method === 'code' ? this.#code.number() : undefined;
    if (method === 'code' && !number) return;
    if (this.#attempt) {
      if (method === 'code') await this.#requestCode(number);
      return;
    }
    if (!this.#format.check()) return;
    this.#method = method;
    this.#problem.hide();
    this.#enter('connecting', said.connecting);
    this.#qr.connecting();
    if (method === 'code') this.#code.asking();
    // The button that was pressed goes away; whoever uses the keyboard stays at its card.
    if (method === 'qr') byID('way-qr-title').focus({ preventScroll: true });
    bringIntoView(byID(method === 'code' ? 'way-code' : 'way-qr'));
    const { dialect, prefix } = this.#format;
    try {
      const request = { method, format: dialect };
      if (number) request.phone = number;
      if (prefix) request.prefix = prefix;
      this.#follow(await Attempt.begin(request));
    } catch (error) {
      this.#notBegun(error);
    }
  }

  #notBegun(error) {
    this.#reset();
    if (error.field === 'phone') {
      this.#code.refused(error.message);
      return;
    }
    this.#root.dataset.state = error.status === 429 ? 'limited' : 'failed';
    this.#problem.show({
      title: error.status === 429 ? texts('too_many') : texts('not_begun'),
      text: error.retryAfter ? error.message.replace(/ (Try again in|Coba lagi dalam) [^.]*\.$/, '') : error.message,
      retryAfter: error.retryAfter,
    });
  }

  #follow(attempt) {
    this.#attempt = attempt;
    if (this.#state === 'idle') {
      this.#enter('connecting', said.connecting);
      this.#qr.connecting();
    }
    if (Number.isFinite(attempt.expiresAt)) this.#progress.startClock(attempt.expiresAt);
    attempt.listen({
      onEvent: (name, data) => this.#receive(name, data),
      onRefusal: (error) => this.#refused(error),
      onLink: (isUp) => this.#linkChanged(isUp),
    });
  }

  #receive(name, data) {
    switch (name) {
      case 'status':
        this.#prolong(data.expiresAt);
        this.#status(data.state, data.text);
        break;
      case 'qr':
        this.#qr.show(data.svg, data.expiresAt);
        break;
      case 'pairing-code':
        this.#code.show(data.code, data.expiresAt);
        this.#enter(this.#state, said.code);
        break;
      case 'passkey':
        this.#enter('passkey', said.passkey);
        this.#form.hidden = true;
        if (data.confirmationCode) this.#passkey.confirmation(data.confirmationCode);
        else this.#passkey.request(data);
        break;
      case 'connected':
        this.#jid = data.jid;
        break;
      case 'session-generated':
        this.#generated(data);
        break;
      case 'expired':
        this.#end('expired', texts('ended'), told(data.text ?? data.message) ?? texts('ended_time'));
        break;
      case 'error':
        this.#error(data);
        break;
      default:
        break;
    }
  }

  /** Linking may put the end off. */
  #prolong(expiresAt) {
    const end = Date.parse(expiresAt);
    if (!Number.isFinite(end) || end === this.#attempt.expiresAt) return;
    this.#attempt.expiresAt = end;
    if (this.#state !== 'done') this.#progress.startClock(end);
  }

  #status(state, text) {
    if (state === 'failed') {
      this.#end('failed', texts('failed'), this.#lastProblem || told(text) || texts('start_new'));
      return;
    }
    if (state === 'expired') {
      this.#end('expired', texts('ended'), told(text) ?? texts('ended_erased'));
      return;
    }
    if (this.#state === 'done') return;
    if (state === 'ready') this.#enter(state, this.#code.isShown ? said.code : said.ready, told(text));
    else this.#enter(state, (state !== 'passkey' && told(text)) || said[state]);
    if (state === 'connecting') this.#qr.connecting();
    if (state === 'ready') this.#sendPendingNumber();
    if (state !== 'passkey') {
      this.#passkey.hide();
      this.#form.hidden = false;
    }
    if (state === 'linking') {
      this.#qr.linking();
      this.#code.linking();
    }
  }

  async #requestCode(number) {
    this.#code.asking();
    if (this.#state === 'connecting') {
      this.#pendingNumber = number;
      return;
    }
    try {
      await this.#attempt.requestCode(number);
    } catch (error) {
      if (error.code === 'generator.not_ready_for_code') this.#pendingNumber = number;
      else if (error.status === 404 || error.status === 410) this.#refused(error);
      else this.#code.refused(error.message);
    }
  }

  #sendPendingNumber() {
    const number = this.#pendingNumber;
    this.#pendingNumber = undefined;
    if (number) this.#requestCode(number);
  }

  async #generated({ sessionID, dialect, jid }) {
    this.#enter('done', said.done);
    this.#form.hidden = true;
    this.#passkey.hide();
    this.#problem.hide();
    const end = new Date(this.#attempt.expiresAt);
    byID('result-title').textContent = texts('linked');
    this.#result.serverForgetsAt(
      texts('kept_until', { time: end.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' }) }),
    );
    await this.#result.show({ sessionID, dialect, jid: jid ?? this.#jid });
  }

  /** Something went wrong, and the try goes on unless a failed status follows. */
  #error({ code = '', message: said }) {
    const message = problemText(code) ?? said;
    this.#lastProblem = message;
    if (code === 'generator.code_expired') this.#code.expired(message);
    else if (code === 'generator.code_refused') this.#code.refused(message);
    else if (this.#state === 'passkey') this.#passkey.refused(message);
    else this.#progress.say(message);
  }

  #refused(error) {
    this.#end('expired', texts('ended'), error.message ?? texts('erased'));
  }

  #linkChanged(isUp) {
    if (!this.#attempt || this.#state === 'done') return;
    const lost = texts('lost');
    if (!isUp) this.#progress.say(lost);
    else if (this.#progress.text === lost) this.#progress.say(this.#text);
  }

  #end(state, title, text) {
    if (this.#result.isShown) {
      this.#result.serverForgot();
      this.#attempt?.leave();
      return;
    }
    this.#reset();
    this.#enter(state, title);
    this.#problem.show({ title, text, kind: state === 'expired' ? 'careful' : 'danger' });
  }

  #enter(state, text, more) {
    this.#state = state;
    this.#text = text;
    this.#root.dataset.state = state;
    this.#progress.show(state, text, more);
  }

  /** Before any try, with nothing left of the last. */
  #reset(text) {
    this.#attempt?.leave();
    this.#attempt = undefined;
    this.#pendingNumber = undefined;
    this.#lastProblem = '';
    this.#state = 'idle';
    this.#root.dataset.state = 'idle';
    this.#problem.hide();
    this.#passkey.hide();
    if (this.#result.isShown) this.#result.hide();
    this.#form.hidden = false;
    this.#qr.idle();
    this.#code.idle();
    this.#progress.reset(text);
  }

  #again() {
    this.#reset();
    this.#begin(this.#method);
  }

  async #cancel() {
    const attempt = this.#attempt;
    this.#reset(texts('cancelled'));
    byID('start-qr').focus();
    await attempt?.delete().catch(() => {});
  }

  async #wipe() {
    await this.#attempt?.delete();
    this.#progress.show('done', texts('wiped_server'));
  }

  async #startOver() {
    const attempt = this.#attempt;
    this.#reset();
    byID('start-qr').focus();
    await attempt?.delete().catch(() => {});
  }

  async #sandbox(button, action) {
    if (!this.#attempt || isBusy(button)) return;
    setBusy(button, true);
    try {
      await action();
    } catch (error) {
      this.#progress.say(error.message);
    }
    setBusy(button, false);
  }
}

new DecoderView();
new GeneratorPage();
