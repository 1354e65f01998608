"""A bot's whole life as two people see it: deployed, approved, watched, changed, expired, renewed, deleted."""
import json
import os
import re
import unittest
from datetime import datetime, timezone

from playwright.sync_api import expect, sync_playwright

from server import ADMINISTRATOR, PASSWORD, Server

ARTIFACTS = os.environ["BROWSER_TEST_ARTIFACTS"]
PATIENCE = 30_000
SEND = """async ([method, path, body]) => {
    const token = document.querySelector('meta[name="csrf"]').content;
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': token };
    return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status;
}"""


class BotTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(ARTIFACTS)
        cls.server.start({
            "ADMIN_USERNAME": ADMINISTRATOR,
            "ADMIN_PASSWORD": PASSWORD,
            "WHARF_VERIFY_EMAIL": "false",
        })
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(
            executable_path=os.environ.get("BROWSER_TEST_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.server.stop()

    def setUp(self):
        self.complaints = []

    def page(self):
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.addCleanup(context.close)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def log_in(self, page, email):
        page.goto(self.server.base + "/login")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.button-primary")
        page.wait_for_url("**/dashboard")

    def register(self, page, email, name):
        page.goto(self.server.base + "/register")
        page.fill("[name=email]", email)
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.button-primary")
        page.wait_for_url("**/dashboard")

    def picture(self, page, name):
        """Whole, narrow and wide, light and dark; nothing may be wider than its window."""
        size = page.viewport_size
        for width in (390, 1440):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=os.path.join(ARTIFACTS, f"{name}-{width}-{scheme}.png"), full_page=True)
                content = page.evaluate("document.documentElement.scrollWidth")
                self.assertLessEqual(content, width, f"{name} is wider than its window of {width}")
                wide = page.evaluate("[...document.querySelectorAll('.table-scroll')].some(e => e.scrollWidth > e.clientWidth)")
                self.assertFalse(wide, f"a table of {name} has to be moved sideways in a window of {width}")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)

    def test_a_bots_whole_life(self):
        base = self.server.base
        ada, root = self.page(), self.page()
        self.register(ada, "ada@example.com", "Ada Lovelace")
        self.log_in(root, ADMINISTRATOR)
        expect(ada.get_by_test_id("empty")).to_be_visible()
        self.picture(ada, "dashboard-empty")

        # Deployed, with a phone linked on the spot; it waits.
        ada.get_by_test_id("deploy-link").click()
        self.picture(ada, "deploy")
        ada.fill("[name=name]", "Harbour helper")
        ada.get_by_test_id("deploy-submit").click()
        ada.wait_for_url("**/bots/*")
        address = ada.url
        bot = address.rsplit("/", 1)[1]
        expect(ada.get_by_test_id("qr")).to_be_visible(timeout=PATIENCE)
        self.picture(ada, "bot-linking")
        ada.get_by_test_id("sandbox-scan").click()
        expect(ada.get_by_test_id("link-card")).to_have_count(0, timeout=PATIENCE)
        expect(ada.get_by_test_id("badge").first).to_have_text("Pending approval")
        expect(ada.get_by_test_id("run").first).to_have_text("Stopped", timeout=PATIENCE)

        # Approved by the administrator; it goes live on the page that is open.
        root.goto(base + "/admin/bots?state=new")
        self.picture(root, "admin-bots")
        root.goto(address)
        root.get_by_test_id("months").select_option("1")
        root.get_by_test_id("approve").click()
        expect(ada.get_by_test_id("run").first).to_have_text("Running", timeout=PATIENCE)
        # Without another look at the server: what the badge says, and what may be done now.
        expect(ada.get_by_test_id("badge").first).to_have_text("Active", timeout=PATIENCE)
        expect(ada.get_by_test_id("stop")).to_be_visible()
        ada.goto(address)
        expect(ada.get_by_test_id("badge").first).to_have_text("Active")
        ada.keyboard.press("?")
        expect(ada.get_by_test_id("keys")).to_be_visible()
        ada.keyboard.press("Escape")
        expect(ada.get_by_test_id("keys")).to_be_hidden()
        self.picture(ada, "bot")

        # Its log.
        ada.goto(address + "/log")
        expect(ada.get_by_test_id("log")).to_contain_text("Logged in.", timeout=PATIENCE)
        ada.get_by_test_id("log-search").fill("approved")
        expect(ada.get_by_test_id("log")).not_to_contain_text("Logged in.")
        expect(ada.get_by_test_id("log")).to_contain_text("The bot has been approved.")
        ada.get_by_test_id("log-search").fill("")
        self.picture(ada, "bot-log")

        # Its environment: the change is shown before it is saved.
        ada.goto(address + "/environment")
        ada.select_option("#env-MODE", "private")
        ada.fill("#env-OPENAI_API_KEY", "sk-very-secret")
        ada.locator("[name=free-name]").last.fill("mine")
        ada.locator("[name=free-value]").last.fill("kept")
        expect(ada.get_by_test_id("diff")).to_contain_text("MODE=private")
        expect(ada.get_by_test_id("diff")).to_contain_text("MINE=kept")
        expect(ada.get_by_test_id("diff")).not_to_contain_text("sk-very-secret")
        self.picture(ada, "bot-environment")
        ada.get_by_test_id("save-restart").click()
        expect(ada.get_by_test_id("toasts")).to_contain_text("Saved; the bot starts anew.")
        self.assertNotIn("sk-very-secret", ada.content())
        expect(ada.locator("#env-MODE")).to_have_value("private")
        expect(ada.get_by_test_id("run").first).to_have_text("Running", timeout=PATIENCE)
        ada.goto(address + "/history")
        expect(ada.get_by_test_id("history")).to_contain_text("+MINE +MODE +OPENAI_API_KEY")
        self.picture(ada, "bot-history")

        # A month passes.
        ada.goto(address)
        self.assertEqual(root.evaluate(SEND, ["POST", "/api/sandbox/clock", {"days": 31}]), 204)
        expect(ada.get_by_test_id("run").first).to_have_text("Stopped", timeout=PATIENCE)
        ada.goto(base + "/dashboard")
        expect(ada.get_by_test_id("notices")).to_contain_text("Harbour helper has ended and is stopped.")
        expect(ada.get_by_test_id("badge").first).to_have_text("Expired - payment required")
        self.picture(ada, "dashboard")
        ada.goto(address)
        ada.get_by_test_id("ask-renewal").click()
        expect(ada.get_by_test_id("toasts")).to_contain_text("The renewal is asked for.")

        # Renewed from the list of the expired; it runs again, with the same phone.
        root.goto(base + "/expired")
        expect(root.get_by_test_id("bot-row")).to_contain_text("Asks for 1 month more")
        self.picture(root, "expired")
        root.check(f"[name=bot][value^='{bot}:']")
        root.get_by_test_id("bulk-renew").click()
        expect(ada.get_by_test_id("run").first).to_have_text("Running", timeout=PATIENCE)
        # Without another look at the server: what the badge says, and what may be done now.
        expect(ada.get_by_test_id("badge").first).to_have_text("Active", timeout=PATIENCE)
        expect(ada.get_by_test_id("stop")).to_be_visible()
        ada.goto(address)
        expect(ada.get_by_test_id("badge").first).to_have_text("Active")
        ada.keyboard.press("?")
        expect(ada.get_by_test_id("keys")).to_be_visible()
        ada.keyboard.press("Escape")
        expect(ada.get_by_test_id("keys")).to_be_hidden()

        # The administrator's other pages.
        for name in ("system", "deployments", "plans", "logs"):
            root.goto(f"{base}/admin/{name}")
            self.picture(root, f"admin-{name}")
        root.goto(base + "/admin/logs?q=approved")
        expect(root.get_by_test_id("found-lines")).to_contain_text("The bot has been approved.")

        # Deleted, once its name is typed.
        ada.goto(address + "/settings")
        self.picture(ada, "bot-settings")
        expect(ada.get_by_test_id("delete")).to_be_disabled()
        ada.get_by_test_id("delete-name").fill("Harbour helper")
        ada.get_by_test_id("delete").click()
        ada.wait_for_url("**/dashboard")
        expect(ada.get_by_test_id("empty")).to_be_visible()
        self.assertEqual(self.complaints, [])

    def test_ten_thousand_lines_are_read_without_a_stutter(self):
        page = self.page()
        self.register(page, "log@example.com", "Log")
        page.goto(self.server.base + "/deploy")
        page.fill("[name=name]", "Talker")
        page.get_by_test_id("deploy-submit").click()
        page.wait_for_url("**/bots/*")
        bot = page.url.rsplit("/", 1)[1]
        sockets, subscribed = [], []

        def serve(socket):
            sockets.append(socket)
            socket.on_message(lambda text: subscribed.append(json.loads(text)))

        # The test is the server of this one page's socket, so that it says when which line comes.
        page.route_web_socket(re.compile(r"/ws$"), serve)
        page.goto(f"{self.server.base}/bots/{bot}/log")
        topic = f"bot:{bot}:log"
        for _ in range(100):
            if {said.get("subscribe") for said in subscribed} >= {topic, f"bot:{bot}"}:
                break
            page.wait_for_timeout(50)
        self.assertEqual(len(sockets), 1, "one socket for all of a page's topics")
        start = 1_800_000_000_000_000

        def send(first, last, complete=True):
            lines = [
                {
                    "number": start + number,
                    "at": "2027-01-15T08:00:00Z",
                    "level": "error" if number % 1000 == 0 else "info",
                    "text": f"line {number} " + ("harbour" if number % 100 == 7 else "quiet"),
                }
                for number in range(first, last)
            ]
            event = {"topic": topic, "event": "lines", "id": start + last, "data": {"lines": lines, "complete": complete}}
            sockets[0].send(json.dumps(event))

        page.evaluate("""() => {
            window.worst = 0;
            let last = performance.now();
            const look = (now) => { window.worst = Math.max(window.worst, now - last); last = now; requestAnimationFrame(look); };
            requestAnimationFrame(look);
        }""")
        for first in range(0, 10_000, 500):
            send(first, first + 500, first == 9_500)
        state, log = page.get_by_test_id("log-state"), page.get_by_test_id("log")
        expect(state).to_have_text("Lines: 10,000")
        rows = page.locator("#log-lines > p")
        self.assertLess(rows.count(), 120)
        # It follows: what comes is in sight, and the oldest goes.
        for number in range(10_000, 10_200):
            send(number, number + 1)
        expect(log).to_contain_text("line 10199 ")
        expect(state).to_have_text("Lines: 10,000")
        # It searches and filters.
        page.get_by_test_id("log-search").fill("harbour")
        expect(state).to_have_text("Lines: 100")
        expect(log).to_contain_text("line 10107 harbour")
        expect(log).not_to_contain_text("quiet")
        page.get_by_test_id("log-search").fill("")
        page.get_by_test_id("log-level").select_option("error")
        expect(state).to_have_text("Lines: 10")
        page.get_by_test_id("log-level").select_option("debug")
        # Whoever scrolls up reads on while lines come.
        log.evaluate("view => view.scrollTop = 2200")
        expect(page.get_by_test_id("log-follow")).not_to_be_checked()
        shown = rows.first.inner_text()
        send(10_200, 10_210)
        self.assertLess(rows.count(), 120)
        self.assertIn("line", shown)
        # Paused, they wait and are counted.
        page.get_by_test_id("log-pause").click()
        send(10_210, 10_260)
        expect(state).to_contain_text("50 new lines wait")
        page.get_by_test_id("log-pause").click()
        expect(state).to_have_text("Lines: 10,000")
        self.assertLess(page.evaluate("window.worst"), 500, "the longest time without a frame, in milliseconds")
        self.assertEqual(self.complaints, [])

    def test_the_time_that_is_left_runs_down(self):
        ada, root = self.page(), self.page()
        self.register(ada, "ada.three@example.com", "Ada")
        self.log_in(root, ADMINISTRATOR)
        ada.goto(self.server.base + "/deploy")
        ada.fill("[name=name]", "Hourglass")
        ada.get_by_test_id("deploy-submit").click()
        ada.wait_for_url("**/bots/*")
        address = ada.url
        bot = address.rsplit("/", 1)[1]
        self.assertEqual(root.evaluate(SEND, ["POST", f"/api/bots/{bot}/approve", {"months": 1}]), 200)
        ada.goto(address)
        expect(ada.get_by_test_id("expiry")).to_contain_text("Ends in 30 days")
        self.assertEqual(root.evaluate(SEND, ["POST", "/api/sandbox/clock", {"days": 29}]), 204)
        # By the server's time, whatever the browser's clock says.
        ada.clock.install(time=datetime(2020, 2, 29, tzinfo=timezone.utc))
        for path in ("/dashboard", f"/bots/{bot}"):
            ada.goto(self.server.base + path)
            left = ada.get_by_test_id("expiry")
            expect(left).to_have_text(re.compile(r"^Ends in 23:\d\d:\d\d \("))
            before = left.inner_text()
            ada.clock.run_for(3_000)
            expect(left).not_to_have_text(before)
            # Nobody is told of every second.
            self.assertFalse(left.evaluate("e => Boolean(e.closest('[aria-live], [role=status], [role=alert], [role=timer]'))"))
            ada.clock.fast_forward("23:40:00")
            expect(left).to_have_text(re.compile(r"^Ends in 1?\d:\d\d \("))
            expect(ada.get_by_test_id("badge").first).to_have_text("Active")
            ada.clock.fast_forward("20:00")
            expect(left).to_contain_text("Ended just now")
            expect(ada.get_by_test_id("badge").first).to_have_text("Expired - payment required")
            ada.clock.fast_forward("03:00:00")
            expect(left).to_contain_text("Ended 3 hours ago")
        # Without JavaScript the page says it once.
        plain = self.browser.new_context(java_script_enabled=False, storage_state=ada.context.storage_state())
        self.addCleanup(plain.close)
        page = plain.new_page()
        page.goto(address)
        expect(page.get_by_test_id("expiry")).to_contain_text("Ends in 24 hours")
        self.assertEqual(self.complaints, [])

    def test_another_accounts_bot_is_not_there(self):
        ada, eve = self.page(), self.page()
        self.register(ada, "ada.two@example.com", "Ada")
        ada.goto(self.server.base + "/deploy")
        ada.fill("[name=name]", "Mine")
        ada.get_by_test_id("deploy-submit").click()
        ada.wait_for_url("**/bots/*")
        self.register(eve, "eve@example.com", "Eve")
        self.assertEqual(eve.goto(ada.url).status, 404)
        bot = ada.url.rsplit("/", 1)[1]
        eve.goto(self.server.base + "/dashboard")
        for method, path in (("DELETE", ""), ("POST", "/start"), ("POST", "/link")):
            self.assertEqual(eve.evaluate(SEND, [method, f"/api/bots/{bot}{path}", {}]), 404)


if __name__ == "__main__":
    unittest.main()
