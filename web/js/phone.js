// Phone numbers as people type them. What it makes of one is a proposal to the person; the server has the last word.

import { countries, countriesOfDigits } from './countries.js';
import { texts } from './texts.js';

/**
 * Reads a number in the light of a chosen country. The result has `digits` (international, without +) when it can be
 * sent, `problem` when it cannot, `doubt` when it can but looks odd, and `iso` when the number itself names a country.
 */
export function readPhone(text, iso) {
  const typed = text.trim();
  if (!typed) return { empty: true, problem: texts('phone.missing') };
  if (/[^\d\s().+/\-\u00a0\u2010-\u2015]/.test(typed)) return { problem: texts('phone.digits') };
  if (/.\+/.test(typed)) return { problem: texts('phone.plus') };
  const bare = typed.replace(/\D/g, '');
  if (!bare) return { problem: texts('phone.none') };
  if (typed.startsWith('+')) return checked(bare);
  if (bare.startsWith('00')) return checked(bare.slice(2));
  const country = countries.get(iso);
  if (!country) return { problem: texts('phone.country') };
  return checked(country.code + national(bare, country), country);
}

/** The national number without the digits that are dialled inside the country only. */
function national(bare, country) {
  const { code, trunk, longest } = country;
  if (bare.startsWith(code) && bare.length > longest) return bare.slice(code.length);
  if (trunk && bare.startsWith(trunk) && !(bare.length <= longest && trunk !== '0')) return bare.slice(trunk.length);
  return bare;
}

function checked(digits, chosen) {
  if (digits.startsWith('0')) return { problem: texts('phone.zero') };
  const matches = countriesOfDigits(digits);
  const country = chosen ?? matches[0];
  const iso = chosen ? undefined : country?.iso;
  if (digits.length < 7) return { problem: texts('phone.short'), isShort: true, iso };
  if (digits.length > 15) return { problem: texts('phone.long'), iso };
  if (!country) return { digits, doubt: texts('phone.unknown') };
  let rest = digits.slice(country.code.length);
  if (!chosen && country.trunk === '0' && rest.startsWith('0')) {
    rest = rest.slice(1);
    digits = country.code + rest;
  }
  if (rest.length < country.shortest || rest.length > country.longest) {
    const wanted =
      country.shortest === country.longest ? `${country.shortest}` : texts('phone.range', { from: country.shortest, to: country.longest });
    return { digits, iso, doubt: texts('phone.odd', { code: country.code, wanted, count: rest.length }) };
  }
  return { digits, iso, text: phoneText(digits, country.code) };
}

/** «+62 812 3456 7890»: prefix, then groups, the last of four. */
export function phoneText(digits, code = countriesOfDigits(digits)[0]?.code ?? '') {
  let rest = digits.slice(code.length);
  const groups = [];
  while (rest.length > 4) {
    const size = rest.length === 5 || rest.length === 6 ? rest.length - 3 : rest.length === 8 ? 4 : 3;
    groups.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  if (rest) groups.push(rest);
  return `+${[code, ...groups].filter(Boolean).join('\u00a0')}`;
}
