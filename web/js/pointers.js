// Session IDs that are only the address of credentials which somebody else keeps. They are named, never followed.

const ending =
  'so there is nothing in it to read. Get a new session ID that is complete in itself, and unlink the old device on the phone.';

/** What kind of pointer a text is, or nothing. */
export function pointerOf(text) {
  const rest = text.split(/~|;;;|!|___/).pop() ?? '';
  if (/^[A-Za-z0-9_-]{8}#[A-Za-z0-9_-]{43}/.test(rest) || /mega\.(nz|co\.nz)\//i.test(text)) {
    return {
      title: 'A link to a file at MEGA',
      explanation: `Whoever has this link has the account, and so has whoever uploaded the file. The credentials are there and not here, ${ending}`,
    };
  }
  if (/gist\.github/i.test(text) || /(^|_)[0-9a-f]{32}$|(^|_)[0-9a-f]{20}$/i.test(rest)) {
    return {
      title: 'A link to a gist at GitHub',
      explanation: `The owner of the gist can read the account, and gists are listed and searched. The credentials are there and not here, ${ending}`,
    };
  }
  if (/paste|hastebin|rentry/i.test(text)) {
    return {
      title: 'A link to a paste',
      explanation: `Anybody who knows or guesses its address can read the account, and pastes are searched. The credentials are there and not here, ${ending}`,
    };
  }
  if (/^https?:\/\//i.test(text)) {
    return {
      title: 'An address on the web',
      explanation: `Whoever runs that site can read the account. The credentials are there and not here, ${ending}`,
    };
  }
  if (/^levanter_|^dracula|^x-asena|^asena/i.test(text)) {
    return {
      title: 'A key into the server of a bot’s author',
      explanation: `The author keeps the account and can use it. The credentials are there and not here, ${ending}`,
    };
  }
  if (text.length <= 80 && /^[A-Za-z0-9._~!;:#=-]+$/.test(text)) {
    return {
      title: 'A short key into somebody’s storage',
      explanation: `It is far too short to hold credentials. Whoever keeps the storage behind it can read the account; the credentials are there and not here, ${ending}`,
    };
  }
  return undefined;
}
