// The forms of a session ID by the names that the API gives them.

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
  if (!prefix) return 'Type a prefix: the name by which the bot knows its IDs.';
  if (prefix.length > 32) return 'A prefix has 32 characters at most.';
  const wrong = prefix.match(/[^A-Za-z0-9._-]/u);
  if (wrong) return `A prefix has letters, digits, hyphens, underscores and full stops; ${wrong[0] === ' ' ? 'a space' : `“${wrong[0]}”`} is none.`;
  if (prefix.includes('___')) return 'Three underscores in a row are where some bots cut an ID apart.';
  return undefined;
}

/** What an ID of that form begins with. */
export function example(dialect, prefix) {
  const form = dialects.get(dialect);
  if (!form) return '';
  if (form.file) return '{"noiseKey":{"private":{…';
  return `${form.separator ? prefix || 'NAME' : ''}${form.separator}${form.packed ? 'H4sIAAAAAAAA…' : 'eyJub2lzZUtleSI6…'}`;
}
