// Reads a session ID of any known form, in the browser alone.

import { TooLarge, bytesOfBase64, canUnpack, unpack } from './bytes.js';
import { pointerOf } from './pointers.js';
import { texts } from './texts.js';

const longestText = 6 * 1024 * 1024;
const largestUnpacked = 4 * 1024 * 1024;
const largestJSON = 1024 * 1024;

/** Why a text cannot be read, in words that a person may read. */
export class SessionIDProblem extends Error {
  constructor(title, message, kind = 'wrong') {
    super(message);
    this.title = title;
    /** `wrong` or `pointer`. */
    this.kind = kind;
  }
}

/**
 * Resolves to `{ form, prefix, separator, packed, folderFiles, json, credentials }`: the form in words, the bytes of
 * creds.json as they stand, and the same as an object. Throws SessionIDProblem.
 */
export async function readSessionID(text) {
  if (text.length > longestText) throw new SessionIDProblem(texts('read.too_long'), texts('read.too_long_text'));
  const trimmed = text.trim().replace(/^(["'`])([\s\S]*)\1$/, '$2').trim();
  if (!trimmed) throw new SessionIDProblem(texts('read.nothing'), texts('read.nothing_text'));
  if (trimmed.startsWith('{')) return fromJSON(new TextEncoder().encode(trimmed), { form: 'JSON', packed: false });
  const joined = trimmed.replace(/\s+/g, '').replace(/\.{3}|…/g, '');
  const parts = splitPayload(joined);
  if (!parts) throw whyNot(trimmed);
  const { prefix, separator, payload } = parts;
  let bytes;
  try {
    bytes = bytesOfBase64(payload);
  } catch {
    throw new SessionIDProblem(texts('read.damaged'), texts('read.damaged_text'));
  }
  const packed = isPacked(bytes);
  if (packed) bytes = await unpacked(bytes);
  const result = fromJSON(bytes, { prefix, separator, packed });
  const content = result.folderFiles == null ? 'creds.json' : texts('session_folder');
  result.form = `${prefix}${separator}base64(${packed ? `gzip(${content})` : content})`;
  return result;
}

/** How base64 of gzip, zlib or a JSON object begins. */
const beginning = /^(H4sI|eJ|eN|eAH|eF|eyJ|eyA|ewo|ew0|ewk|eyK)/;

/** The payload begins like packed or plain JSON, behind a separator, at the very start or, failing these, anywhere. */
function splitPayload(text) {
  for (const match of text.matchAll(/~|;;;|!|___/g)) {
    const payload = text.slice(match.index + match[0].length);
    if (beginning.test(payload) && payload.length > 60) {
      return { prefix: text.slice(0, match.index), separator: match[0], payload };
    }
  }
  if (beginning.test(text) && text.length > 60) return { prefix: '', separator: '', payload: text };
  const inside = text.match(/(H4sI|eyJ)[A-Za-z0-9+/_-]{60,}={0,2}$/);
  return inside ? { prefix: text.slice(0, inside.index), separator: '', payload: inside[0] } : undefined;
}

function whyNot(text) {
  const pointer = /\s/.test(text) ? undefined : pointerOf(text);
  if (pointer) return new SessionIDProblem(pointer.title, pointer.explanation, 'pointer');
  return new SessionIDProblem(texts('read.not_id'), texts('read.not_id_text'));
}

function isPacked(bytes) {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b) || (bytes[0] === 0x78 && ((bytes[0] << 8) | bytes[1]) % 31 === 0);
}

async function unpacked(bytes) {
  if (!canUnpack) throw new SessionIDProblem(texts('read.old_browser'), texts('read.old_browser_text'));
  try {
    return await unpack(bytes, largestUnpacked);
  } catch (error) {
    if (error instanceof TooLarge) throw new SessionIDProblem(texts('read.too_large'), texts('read.unpacked_text'));
    throw new SessionIDProblem(texts('read.damaged'), texts('read.packed_text'));
  }
}

function fromJSON(bytes, found) {
  const outer = parse(bytes);
  if (!('creds.json' in outer)) {
    if (!('noiseKey' in outer) && !('me' in outer)) {
      throw new SessionIDProblem(texts('read.not_credentials'), texts('read.no_device_text'));
    }
    if (bytes.length > largestJSON) throw new SessionIDProblem(texts('read.too_large'), texts('read.large_text'));
    return { prefix: '', separator: '', ...found, json: bytes, credentials: outer };
  }
  const inner = outer['creds.json'];
  const json = new TextEncoder().encode(typeof inner === 'string' ? inner : JSON.stringify(inner));
  const form = found.form === 'JSON' ? texts('folder_json') : found.form;
  return { prefix: '', separator: '', ...found, form, json, credentials: parse(json), folderFiles: Object.keys(outer).length - 1 };
}

function parse(bytes) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SessionIDProblem(texts('read.not_credentials'), texts('read.not_json_text'));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SessionIDProblem(texts('read.not_credentials'), texts('read.not_object_text'));
  }
  return value;
}
