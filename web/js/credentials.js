// What credentials say about themselves, without their secrets.

import { bytesOfBase64 } from './bytes.js';

const keyPairs = [
  ['noiseKey', 'the key of its connection'],
  ['signedIdentityKey', 'the identity key'],
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
  if (!isKeyPair(preKey?.keyPair) || length(preKey?.signature) !== 64) missing.push('the signed pre-key (signedPreKey)');
  if (!Number.isInteger(credentials.registrationId)) missing.push('the registration number (registrationId)');

  const me = credentials.me ?? {};
  const jid = /^(\d{5,20})(?::(\d{1,5}))?@(s\.whatsapp\.net|c\.us)$/.exec(me.id ?? '');
  const device = jid?.[2] ? Number(jid[2]) : 0;
  const account = credentials.account;
  if (!jid) missing.push('the account that it belongs to (me)');
  else if (!device) missing.push('the number of the linked device: the phone never accepted the link');
  if (length(account?.accountSignature) !== 64 || length(account?.deviceSignature) !== 64 || !length(account?.details)) {
    missing.push('the phone’s signature over the device (account)');
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
    found.push('It is marked as not registered. Some bots then delete it and ask to pair again; write it anew to correct that.');
  }
  const last = credentials.nextPreKeyId;
  if (Number.isInteger(last) && last > 1) {
    found.push(`One-time keys up to number ${last - 1} were made and may be missing here. The first message of a contact that used one arrives after a retry.`);
  }
  if (credentials.myAppStateKeyId) {
    found.push('It names a key for chat settings that is not in it. Settings cannot be changed until the phone shares the key again.');
  }
  if (!credentials.me?.lid) found.push('It does not hold the account’s LID. A bot learns it when it logs in.');
  const days = linkedAt ? Math.floor((Date.now() - linkedAt) / 86_400_000) : 0;
  if (days > 30) found.push(`It was linked ${days} days ago and may have been unlinked since. Only a login shows that.`);
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
