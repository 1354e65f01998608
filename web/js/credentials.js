// What credentials say about themselves, without their secrets.

import { bytesOfBase64 } from './bytes.js';
import { texts } from './texts.js';

const keyPairs = [
  ['noiseKey', texts('lacks.noise')],
  ['signedIdentityKey', texts('lacks.identity')],
];

const platforms = new Map([
  ['android', 'Android'],
  ['iphone', 'iPhone'],
  ['smba', 'WhatsApp Business on Android'],
  ['smbi', 'WhatsApp Business on iPhone'],
]);

/** `{ number, device, lid, name, platform, linkedAt, missing, notes, isLinked }`; `missing` keeps it from logging in. */
export function describeCredentials(credentials) {
  const missing = [];
  for (const [field, meaning] of keyPairs) {
    if (!isKeyPair(credentials[field])) missing.push(`${meaning} (${field})`);
  }
  const preKey = credentials.signedPreKey;
  if (!isKeyPair(preKey?.keyPair) || length(preKey?.signature) !== 64) missing.push(`${texts('lacks.pre_key')} (signedPreKey)`);
  if (!Number.isInteger(credentials.registrationId)) missing.push(`${texts('lacks.registration')} (registrationId)`);

  const me = credentials.me ?? {};
  const jid = /^(\d{5,20})(?::(\d{1,5}))?@(s\.whatsapp\.net|c\.us)$/.exec(me.id ?? '');
  const device = jid?.[2] ? Number(jid[2]) : 0;
  const account = credentials.account;
  if (!jid) missing.push(`${texts('lacks.account')} (me)`);
  else if (!device) missing.push(texts('lacks.device'));
  if (length(account?.accountSignature) !== 64 || length(account?.deviceSignature) !== 64 || !length(account?.details)) {
    missing.push(`${texts('lacks.signature')} (account)`);
  }

  const linkedAt = linkTime(account?.details);
  return {
    number: jid?.[1],
    device,
    lid: /^\d{5,20}(?::\d{1,5})?@lid$/.test(me.lid ?? '') ? me.lid : undefined,
    name: typeof me.name === 'string' && me.name !== '~' ? me.name : undefined,
    platform: platforms.get(credentials.platform) ?? (typeof credentials.platform === 'string' ? credentials.platform : undefined),
    linkedAt,
    missing,
    notes: notes(credentials, linkedAt),
  };
}

/** Nothing of these keeps it from logging in. */
function notes(credentials, linkedAt) {
  const found = [];
  if (credentials.registered === false) {
    found.push(texts('note.unregistered'));
  }
  const last = credentials.nextPreKeyId;
  if (Number.isInteger(last) && last > 1) {
    found.push(texts('note.pre_keys', { number: last - 1 }));
  }
  if (credentials.myAppStateKeyId) {
    found.push(texts('note.app_state'));
  }
  if (!credentials.me?.lid) found.push(texts('note.lid'));
  const days = linkedAt ? Math.floor((Date.now() - linkedAt) / 86_400_000) : 0;
  if (days > 30) found.push(texts('note.old', { days }));
  return found;
}

function isKeyPair(pair) {
  return length(pair?.private) === 32 && length(pair?.public) === 32;
}

/** The number of bytes in any of the ways in which such files hold bytes; 0 for anything else. */
function length(value) {
  return bytesOf(value)?.length ?? 0;
}

function bytesOf(value) {
  try {
    if (typeof value === 'string') return bytesOfBase64(value);
    if (typeof value !== 'object' || value === null) return undefined;
    if (value.type === 'Buffer' && typeof value.data === 'string') return bytesOfBase64(value.data);
    if (value.type === 'Buffer' && Array.isArray(value.data)) return Uint8Array.from(value.data);
    const numbers = Object.values(value);
    return numbers.length && numbers.every(Number.isInteger) ? Uint8Array.from(numbers) : undefined;
  } catch {
    return undefined;
  }
}

/** The time in the signed details of the device (field 2 of ADVDeviceIdentity), as a Date. */
function linkTime(details) {
  const bytes = bytesOf(details);
  if (!bytes) return undefined;
  let offset = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) return undefined;
      offset += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (offset < bytes.length) {
    const tag = varint();
    if (tag === undefined || (tag & 7n) !== 0n) return undefined;
    const value = varint();
    if (value === undefined) return undefined;
    if (tag >> 3n === 2n) {
      const date = new Date(Number(value) * 1000);
      return Number.isNaN(date.getTime()) || value < 1_000_000_000n ? undefined : date;
    }
  }
  return undefined;
}
