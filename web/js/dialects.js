// The forms of a session ID by the names that the API gives them.

import { texts } from './texts.js';

export const dialects = new Map([
  ['tilde-gzip', { separator: '~', packed: true }],
  ['tilde', { separator: '~', packed: false }],
  ['semicolons-gzip', { separator: ';;;', packed: true }],
  ['exclamation-gzip', { separator: '!', packed: true }],
  ['bare', { separator: '', packed: false, bare: true }],
  ['creds.json', { separator: '', packed: false, file: true }],
]);

export function hasPrefix(dialect) {
  return Boolean(dialects.get(dialect)?.separator);
}

/** What is wrong with a prefix, or nothing. */
export function prefixProblem(prefix) {
  if (!prefix) return texts('prefix.missing');
  if (prefix.length > 32) return texts('prefix.long');
  const wrong = prefix.match(/[^A-Za-z0-9._-]/u);
  if (wrong) return texts('prefix.wrong', { what: wrong[0] === ' ' ? texts('prefix.space') : `“${wrong[0]}”` });
  if (prefix.includes('___')) return texts('prefix.underscores');
  return undefined;
}

/** What an ID of that form begins with. */
export function example(dialect, prefix) {
  const form = dialects.get(dialect);
  if (!form) return '';
  if (form.file) return '{"noiseKey":{"private":{…';
  return `${form.separator ? prefix || 'NAME' : ''}${form.separator}${form.packed ? 'H4sIAAAAAAAA…' : 'eyJub2lzZUtleSI6…'}`;
}
