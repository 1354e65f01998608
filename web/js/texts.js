// The page's own words in its language, as the server wrote them into it.

const own = JSON.parse(document.querySelector('meta[name="texts"]')?.content ?? '{}');
const language = document.documentElement.lang || 'en';

/** How numbers, days and times are written. */
export const locale = language === 'en' ? 'en-GB' : language;

/** The text of that name, with `{name}` replaced by its value; the name itself on a page without texts. */
export function texts(name, values = {}) {
  return (own[name] ?? name).replace(/\{([a-z]+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/** What the server said in English, where that is the page's language; else nothing, and the page says it in its own words. */
export function told(text) {
  return language === 'en' ? text : undefined;
}

/** What a problem is called in the page's language, by the server's code; nothing where the server's own words have to do. */
export function problemText(code) {
  return own[`errors.${code.replaceAll('.', '_')}`];
}
