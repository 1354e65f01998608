"""What walks through a browser have in common: a server of their own, people who come and go, and pictures of pages."""
import json
import os
import pathlib
import re
import unittest

from playwright.sync_api import expect, sync_playwright

from server import PASSWORD, Server

ARTIFACTS = os.environ["BROWSER_TEST_ARTIFACTS"]
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
LONGEST = 8_000
PICTURES = json.loads(pathlib.Path(__file__).with_name("pictures.json").read_text())
ROUTES = {name: route for route, names in PICTURES["routes"].items() for name in names}
ERRORS = {name for names in PICTURES["errors"].values() for name in names}


class Walk(unittest.TestCase):
    """A server for all tests of a class, and a browser whose windows each test opens for itself."""

    #: Of the server, besides those that every server of a test has.
    settings = {}
    #: What a page may say on its console.
    forgiven = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(ARTIFACTS)
        cls.server.start({"WHARF_PUBLIC_URL": cls.server.base, **cls.settings})
        cls.addClassCleanup(cls.server.stop)
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        cls.browser = cls.playwright.chromium.launch(
            executable_path=os.environ.get("BROWSER_TEST_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.complaints = []

    def open(self, path=None, narrow=False, dark=False, script=True, locale="en-GB"):
        """A window of somebody who has been here never before."""
        context = self.browser.new_context(
            viewport={"width": 390, "height": 844} if narrow else {"width": 1280, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
            locale=locale,
        )
        self.addCleanup(context.close)
        context.route("**://cdn.jsdelivr.net/**", lambda route: route.abort())
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complain(page, said))
        if path is not None:
            page.goto(self.server.base + path, wait_until="load")
        return page

    def complain(self, page, said):
        """Other sites' pages may say what they like."""
        isOurs = page.url.startswith(self.server.base) and "jsdelivr" not in str(said.location)
        if said.type == "error" and isOurs and not any(text in said.text for text in self.forgiven):
            self.complaints.append(said.text)

    def picture(self, page, name):
        """Saves the page, narrow and wide, light and dark; nothing may be wider than its window.

        The name is one of those that pictures.json has for the page's route.
        """
        place = re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
        if name not in ERRORS:
            self.assertIn(name, ROUTES, "pictures.json does not have this picture")
            route = ROUTES[name].split(" ")[1]
            # What a form says is often shown at an address below its page's.
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route))
            self.assertRegex(place, f"^{pattern}(/.*)?$", f"{name} is of {route}")
        size, wasDark = page.viewport_size, page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        for width, height in ((390, 844), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                path = os.path.join(ARTIFACTS, f"{name}-{width}-{scheme}.png")
                # Colours change over a moment, of which the end is wanted. Of the longest pages the top will do, drawn anew.
                isWhole = page.evaluate("document.documentElement.scrollHeight") < LONGEST
                if not isWhole:
                    page.reload(wait_until="load")
                page.screenshot(path=path, full_page=isWhole, animations="disabled")
            content, tables = page.evaluate("""() => [
                document.documentElement.scrollWidth,
                [...document.querySelectorAll('.table-scroll')].some(e => e.scrollWidth > e.clientWidth),
            ]""")
            self.assertLessEqual(content, width, f"{name} is wider than its window of {width}")
            self.assertFalse(tables, f"a table of {name} has to be moved sideways in a window of {width}")
        page.emulate_media(color_scheme="dark" if wasDark else "light", reduced_motion="reduce")
        page.set_viewport_size(size)

    # People.

    def fill(self, page, **fields):
        for name, value in fields.items():
            page.locator(f"main [name={name}]").last.fill(value)

    def submit(self, page, form):
        page.get_by_test_id(form).locator("button:not([type=button])").last.click()

    def log_in(self, page, email, password=PASSWORD):
        """Tries to; where that leads is for the caller to see."""
        page.goto(self.server.base + "/login")
        self.fill(page, email=email, password=password)
        self.submit(page, "login-form")

    def enter(self, page, email):
        """Logs in, and is there."""
        self.log_in(page, email)
        page.wait_for_url("**/dashboard")

    def log_out(self, page):
        page.get_by_test_id("account-menu").click()
        page.get_by_test_id("logout").click()
        page.wait_for_url("**/login")

    def register(self, page, email, name):
        """Comes here for the first time, confirms the address and logs in."""
        page.goto(self.server.base + "/register")
        self.fill(page, name=name, email=email, password=PASSWORD)
        self.submit(page, "register-form")
        expect(page.get_by_test_id("notice")).to_be_visible()
        self.follow_mail(page, email)
        self.submit(page, "form")
        page.wait_for_url("**/login")
        self.enter(page, email)

    def mail(self, page, recipient, text=""):
        """The newest mail to an address that has a link, among those that the sandbox shows."""
        letters = None
        for _ in range(200):
            page.goto(self.server.base + "/dev/mail")
            letters = page.get_by_test_id("mail").filter(has_text=recipient).filter(has_text=text)
            letters = letters.filter(has=page.locator(".mail-body a"))
            if letters.count():
                return letters.first
            page.wait_for_timeout(50)
        self.fail(f"no mail came to {recipient}")

    def follow_mail(self, page, recipient, text=""):
        """Opens the link of the newest mail to an address."""
        page.goto(self.mail(page, recipient, text).locator("a").first.get_attribute("href"))
