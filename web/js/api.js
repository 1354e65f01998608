// Calls of the server's JSON API, and the server's time.

import { texts } from './texts.js';

let skew = 0;

/** Now by the server's clock, in milliseconds: what its expiry times are compared with. */
export function serverNow() {
  return Date.now() + skew;
}

/** A refusal in words that a person may read. */
export class APIError extends Error {
  constructor(status, { code = 'unknown', message, field, retryAfter }) {
    super(message);
    this.name = 'APIError';
    this.status = status;
    this.code = code;
    this.field = field;
    /** Seconds after which trying again may help. */
    this.retryAfter = retryAfter;
  }
}

/** Sends JSON and returns the answer's JSON, or nothing where there is none; throws APIError for anything else. */
export async function call(method, path, body) {
  const csrf = document.querySelector('meta[name="csrf"]')?.content;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(csrf ? { 'X-CSRF-Token': csrf } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
    });
  } catch {
    throw new APIError(0, { code: 'offline', message: texts('unreachable') });
  }
  learnTime(response.headers.get('Date'));
  const answer = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const problem = answer?.error ?? {};
  throw new APIError(response.status, {
    code: problem.code,
    message: problem.message || texts('answered', { status: response.status }),
    field: problem.field,
    retryAfter: seconds(response.headers.get('Retry-After')) ?? problem.retryAfter,
  });
}

/** The header has whole seconds, so differences below a few are noise. */
function learnTime(header) {
  const date = Date.parse(header ?? '');
  if (Number.isNaN(date)) return;
  const difference = date + 500 - Date.now();
  skew = Math.abs(difference) < 3000 ? 0 : difference;
}

function seconds(header) {
  const value = Number.parseInt(header ?? '', 10);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
