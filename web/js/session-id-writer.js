// Writes credentials as a session ID of a given form; the counterpart of session-id-reader.js.

import { base64OfBytes, gzip } from './bytes.js';
import { dialects } from './dialects.js';

/** `json` are the bytes of creds.json, taken as they are. */
export async function writeSessionID(json, dialect, prefix) {
  const form = dialects.get(dialect);
  if (!form) throw new Error(`No such form: ${dialect}`);
  if (form.file) return new TextDecoder().decode(json);
  const payload = base64OfBytes(form.packed ? await gzip(json) : json);
  return form.separator ? `${prefix}${form.separator}${payload}` : payload;
}
