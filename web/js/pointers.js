// Session IDs that are only the address of credentials which somebody else keeps. They are named, never followed.

import { texts } from './texts.js';

/** What kind of pointer a text is, or nothing. */
export function pointerOf(text) {
  const rest = text.split(/~|;;;|!|___/).pop() ?? '';
  if (/^[A-Za-z0-9_-]{8}#[A-Za-z0-9_-]{43}/.test(rest) || /mega\.(nz|co\.nz)\//i.test(text)) {
    return {
      title: texts('pointer.mega'),
      explanation: `${texts('pointer.mega_text')} ${texts('pointer.ending')}`,
    };
  }
  if (/gist\.github/i.test(text) || /(^|_)[0-9a-f]{32}$|(^|_)[0-9a-f]{20}$/i.test(rest)) {
    return {
      title: texts('pointer.gist'),
      explanation: `${texts('pointer.gist_text')} ${texts('pointer.ending')}`,
    };
  }
  if (/paste|hastebin|rentry/i.test(text)) {
    return {
      title: texts('pointer.paste'),
      explanation: `${texts('pointer.paste_text')} ${texts('pointer.ending')}`,
    };
  }
  if (/^https?:\/\//i.test(text)) {
    return {
      title: texts('pointer.web'),
      explanation: `${texts('pointer.web_text')} ${texts('pointer.ending')}`,
    };
  }
  if (/^levanter_|^dracula|^x-asena|^asena/i.test(text)) {
    return {
      title: texts('pointer.author'),
      explanation: `${texts('pointer.author_text')} ${texts('pointer.ending')}`,
    };
  }
  if (text.length <= 80 && /^[A-Za-z0-9._~!;:#=-]+$/.test(text)) {
    return {
      title: texts('pointer.short'),
      explanation: `${texts('pointer.short_text')} ${texts('pointer.ending')}`,
    };
  }
  return undefined;
}
