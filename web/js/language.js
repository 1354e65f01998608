// The choice of a language at the foot of public pages; without it the browser's own languages decide.

for (const button of document.querySelectorAll('[data-language]')) {
  if (button.dataset.language === document.documentElement.lang) button.setAttribute('aria-current', 'true');
  button.addEventListener('click', () => {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `language=${button.dataset.language}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    location.reload();
  });
}
