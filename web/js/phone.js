// Phone numbers as people type them. What it makes of one is a proposal to the person; the server has the last word.

import { countries, countriesOfDigits } from './countries.js';

/**
 * Reads a number in the light of a chosen country. The result has `digits` (international, without +) when it can be
 * sent, `problem` when it cannot, `doubt` when it can but looks odd, and `iso` when the number itself names a country.
 */
export function readPhone(text, iso) {
  const typed = text.trim();
  if (!typed) return { empty: true, problem: 'Type the phone number of the account that you want to link.' };
  if (/[^\d\s().+/\-\u00a0\u2010-\u2015]/.test(typed)) return { problem: 'Use digits only; spaces, hyphens and brackets are fine.' };
  if (/.\+/.test(typed)) return { problem: 'The + belongs to the very beginning.' };
  const bare = typed.replace(/\D/g, '');
  if (!bare) return { problem: 'There is no digit in it yet.' };
  if (typed.startsWith('+')) return checked(bare);
  if (bare.startsWith('00')) return checked(bare.slice(2));
  const country = countries.get(iso);
  if (!country) return { problem: 'Choose the country, or begin with + and its prefix.' };
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
  if (digits.startsWith('0')) return { problem: 'No country prefix begins with 0. Write the number as you would from abroad.' };
  const matches = countriesOfDigits(digits);
  const country = chosen ?? matches[0];
  const iso = chosen ? undefined : country?.iso;
  if (digits.length < 7) return { problem: 'That is too short for a number with its country prefix.', iso };
  if (digits.length > 15) return { problem: 'That is too long: a number has 15 digits at most.', iso };
  if (!country) return { digits, doubt: 'No country has this prefix as far as this page knows. Check it.' };
  let rest = digits.slice(country.code.length);
  if (!chosen && country.trunk === '0' && rest.startsWith('0')) {
    rest = rest.slice(1);
    digits = country.code + rest;
  }
  if (rest.length < country.shortest || rest.length > country.longest) {
    const wanted =
      country.shortest === country.longest ? `${country.shortest}` : `${country.shortest} to ${country.longest}`;
    return { digits, iso, doubt: `After +${country.code} one would expect ${wanted} digits, and there are ${rest.length}. Check it.` };
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
