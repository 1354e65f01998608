// Bytes, base64 and gzip in the browser, with limits.

/** More than the allowed number of bytes came out. */
export class TooLarge extends Error {}

/** Standard or URL alphabet, padding optional; throws on anything else. */
export function bytesOfBase64(text) {
  const standard = text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(standard) || standard.length % 4 === 1) throw new Error('not base64');
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

export function base64OfBytes(bytes) {
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

export const canPack = typeof CompressionStream === 'function';
export const canUnpack = typeof DecompressionStream === 'function';

export async function gzip(bytes) {
  return collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')), Infinity);
}

/** Unpacks gzip or zlib, by the first bytes, and stops as soon as more than `limit` bytes come out. */
export async function unpack(bytes, limit) {
  const format = bytes[0] === 0x1f && bytes[1] === 0x8b ? 'gzip' : 'deflate';
  return collect(new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)), limit);
}

async function collect(stream, limit) {
  const reader = stream.getReader();
  const parts = [];
  let count = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    count += value.length;
    if (count > limit) {
      await reader.cancel().catch(() => {});
      throw new TooLarge();
    }
    parts.push(value);
  }
  const whole = new Uint8Array(count);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
