"""A person's whole way through the panel, as that person and the administrator see it, and what else becomes of bots."""
import json
import re
import unittest
from datetime import datetime, timezone

import walks
from playwright.sync_api import expect
from server import ADMINISTRATOR, PASSWORD, PHONE, call
from walks import PATIENCE

SEND = """async ([method, path, body]) => {
    const token = document.querySelector('meta[name="csrf"]').content;
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': token };
    return (await fetch(path, { method, headers, body: JSON.stringify(body) })).status;
}"""


class BotTests(walks.Walk):
    settings = {"ADMIN_USERNAME": ADMINISTRATOR, "ADMIN_PASSWORD": PASSWORD}
    # Forms and addresses that are refused.
    forgiven = ("status of 4", "status of 503")

    def deploy(self, page, name):
        """Makes a bot and gives the address of its page."""
        page.goto(self.server.base + "/deploy")
        page.fill("[name=name]", name)
        page.get_by_test_id("deploy-submit").click()
        page.wait_for_url("**/bots/*")
        return page.url

    def scan(self, page):
        """The sandbox's phone scans what the page shows, which then shows it no longer."""
        expect(page.get_by_test_id("qr")).to_be_visible(timeout=PATIENCE)
        page.get_by_test_id("sandbox-scan").click()
        expect(page.get_by_test_id("link-card")).to_have_count(0, timeout=PATIENCE)

    def stands(self, page, badge, run):
        """How the bot stands on a page that is not opened anew, for the person and the administrator alike."""
        expect(page.get_by_test_id("badge").first).to_have_text(badge, timeout=PATIENCE)
        expect(page.get_by_test_id("run").first).to_have_text(run, timeout=PATIENCE)

    def test_a_new_users_whole_way(self):
        base = self.server.base
        ada, root = self.open("/"), self.open()
        self.arrive(ada)
        self.enter(root, ADMINISTRATOR)
        expect(root.get_by_test_id("empty")).to_be_visible()
        address = self.deploy_on_the_spot(ada)
        bot = address.rsplit("/", 1)[1]
        self.be_approved(ada, root, bot)
        self.look_around(ada)
        self.read_the_log(ada, address)
        self.change_the_environment(ada, root, address)
        self.expire(ada, root, bot)
        self.be_renewed(ada, root, bot)
        # The administrator's other pages, while there is something on them.
        for path in ("", "/system", "/deployments", "/plans", "/logs"):
            root.goto(f"{base}/admin{path}")
            self.picture(root, "admin" + path.replace("/", "-"))
        root.goto(base + "/admin/logs?q=approved")
        expect(root.get_by_test_id("found-lines")).to_contain_text("The bot has been approved.")
        self.delete(ada, root, address)
        self.assertEqual(self.complaints, [])

    def arrive(self, ada):
        """Registers; nobody is let in before the address is confirmed, nor told why."""
        base = self.server.base
        ada.get_by_test_id("nav-panel").click()
        ada.wait_for_url("**/login")
        self.picture(ada, "login")
        ada.goto(base + "/register")
        self.picture(ada, "register")
        self.fill(ada, name="Ada Lovelace", email="ada@example.com", password=PASSWORD)
        self.submit(ada, "register-form")
        expect(ada.get_by_test_id("notice")).to_contain_text("Look at your mail")
        self.picture(ada, "registered")
        self.log_in(ada, "ada@example.com")
        expect(ada.get_by_test_id("problem")).to_contain_text("is wrong")
        self.follow_mail(ada, "ada@example.com")
        self.picture(ada, "verify")
        self.submit(ada, "form")
        ada.wait_for_url("**/login")
        expect(ada.get_by_test_id("notice")).to_contain_text("Your address is confirmed")
        self.enter(ada, "ada@example.com")
        expect(ada.locator("h1")).to_contain_text("Ada Lovelace")
        expect(ada.get_by_test_id("unverified")).to_have_count(0)
        expect(ada.get_by_test_id("empty")).to_be_visible()
        self.picture(ada, "dashboard-empty")

    def deploy_on_the_spot(self, ada):
        """A bot with a phone that is linked at once; it waits to be approved."""
        ada.get_by_test_id("deploy-link").click()
        ada.wait_for_url("**/deploy")
        self.picture(ada, "deploy")
        ada.evaluate("window.isSamePage = true")
        ada.fill("[name=name]", "Harbour helper")
        # What is wrong is said where it was typed, and nothing of it is lost.
        ada.get_by_test_id("way-paste").check()
        ada.get_by_test_id("session-id").fill("no session ID")
        ada.get_by_test_id("deploy-submit").click()
        expect(ada.get_by_test_id("problem")).to_be_visible()
        expect(ada.locator(".field-wrong [name=sessionID]")).to_have_value("no session ID")
        expect(ada.get_by_test_id("session-verdict")).to_have_attribute("data-kind", "wrong")
        self.assertTrue(ada.url.endswith("/deploy"))
        ada.get_by_test_id("way-link").check()
        ada.get_by_test_id("deploy-submit").dblclick()
        expect(ada.get_by_test_id("qr")).to_be_visible(timeout=PATIENCE)
        expect(ada.get_by_test_id("qr-countdown")).to_contain_text("renewed in")
        self.picture(ada, "deploy-linking")
        # The address is the bot's by now: whoever opens it anew goes on there. Pressed twice, it made one bot.
        address = ada.url
        other = ada.context.new_page()
        other.goto(address)
        expect(other.get_by_test_id("qr")).to_be_visible(timeout=PATIENCE)
        self.picture(other, "bot-linking")
        self.scan(ada)
        expect(ada.get_by_test_id("deploy-state")).to_contain_text("waits for an administrator")
        for page in (ada, other):
            self.stands(page, "Pending approval", "Stopped")
        self.picture(ada, "deploy-linked")
        expect(other.get_by_test_id("link-card")).to_have_count(0)
        expect(other.get_by_test_id("bot")).to_contain_text("+" + PHONE[:1])
        expect(other.get_by_test_id("start")).to_have_count(0)
        self.picture(other, "bot-waiting")
        other.goto(self.server.base + "/dashboard")
        expect(other.get_by_test_id("bot-row")).to_have_count(1)
        other.close()
        self.assertTrue(ada.evaluate("window.isSamePage"))
        return address

    def test_other_ways_to_deploy(self):
        """With a pairing code, with a session ID, and without scripts."""
        base = self.server.base
        ada = self.open(narrow=True)
        self.register(ada, "ada.five@example.com", "Ada")
        ada.goto(base + "/deploy")
        ada.evaluate("window.isSamePage = true")
        self.fill(ada, name="Coded", phone="+" + PHONE)
        ada.get_by_test_id("deploy-submit").click()
        expect(ada.get_by_test_id("pairing-code")).to_have_text(re.compile(r"^\w{8}$"), timeout=PATIENCE)
        expect(ada.get_by_test_id("code-countdown")).to_contain_text("Type it within")
        self.picture(ada, "deploy-code")
        ada.get_by_test_id("stop-linking").click()
        expect(ada.get_by_test_id("link-qr")).to_be_visible(timeout=PATIENCE)
        expect(ada.get_by_test_id("pairing-code")).to_be_hidden()
        self.assertTrue(ada.evaluate("window.isSamePage"))

        ada.goto(base + "/generate")
        ada.get_by_test_id("method-qr").click()
        ada.get_by_test_id("sandbox-scan").click()
        ada.get_by_test_id("reveal").click()
        pasted = ada.get_by_test_id("session-id").input_value()
        ada.goto(base + "/deploy")
        self.fill(ada, name="Pasted")
        ada.get_by_test_id("way-paste").check()
        ada.get_by_test_id("session-id").fill(pasted)
        expect(ada.get_by_test_id("session-verdict")).to_have_attribute("data-kind", "good")
        ada.get_by_test_id("deploy-submit").click()
        ada.wait_for_url("**/bots/*")
        expect(ada.get_by_test_id("toasts")).to_contain_text("deployed")
        expect(ada.get_by_test_id("bot")).to_contain_text("+" + PHONE)

        plain = self.open(script=False)
        self.enter(plain, "ada.five@example.com")
        plain.goto(base + "/deploy")
        self.fill(plain, name=" ")
        plain.get_by_test_id("deploy-submit").click()
        expect(plain.get_by_test_id("problem")).to_be_visible()
        self.fill(plain, name="Plain")
        plain.get_by_test_id("deploy-submit").click()
        plain.wait_for_url("**/bots/*")
        expect(plain.get_by_test_id("link-card")).to_be_visible()
        self.assertEqual(self.complaints, [])

    def be_approved(self, ada, root, bot):
        """From the list of those that wait; it goes live on both pages that are open."""
        root.goto(self.server.base + "/admin/bots?state=new")
        row = root.get_by_test_id("bot-row")
        expect(row).to_contain_text("ada@example.com")
        self.stands(row, "Pending approval", "Stopped")
        self.picture(root, "admin-bots")
        row.get_by_role("link", name="Harbour helper").click()
        root.wait_for_url(f"**/bots/{bot}")
        root.get_by_test_id("months").select_option("1")
        root.get_by_test_id("approve").click()
        # Without another look at the server: what the badge says, and what may be done now.
        for page in (ada, root):
            self.stands(page, "Active", "Running")
        expect(ada.get_by_test_id("deploy-state")).to_have_text("The bot is live.")
        expect(ada.get_by_test_id("stop")).to_be_visible()
        expect(ada.get_by_test_id("expiry").first).to_contain_text("Ends in 30 days")

    def look_around(self, ada):
        with ada.expect_navigation():
            ada.get_by_test_id("to-bot").click()
        self.stands(ada, "Active", "Running")
        ada.keyboard.press("?")
        expect(ada.get_by_test_id("keys")).to_be_visible()
        ada.keyboard.press("Escape")
        expect(ada.get_by_test_id("keys")).to_be_hidden()
        self.picture(ada, "bot")

    def read_the_log(self, ada, address):
        ada.goto(address + "/log")
        expect(ada.get_by_test_id("log")).to_contain_text("Logged in.", timeout=PATIENCE)
        ada.get_by_test_id("log-search").fill("approved")
        expect(ada.get_by_test_id("log")).not_to_contain_text("Logged in.")
        expect(ada.get_by_test_id("log")).to_contain_text("The bot has been approved.")
        ada.get_by_test_id("log-search").fill("")
        self.picture(ada, "bot-log")

    def change_the_environment(self, ada, root, address):
        """The change is shown before it is saved, and noted after; a secret is in none of the pages."""
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
        for page, name in ((ada, "Ada Lovelace"), (root, "Ada Lovelace")):
            page.goto(address + "/history")
            expect(page.get_by_test_id("history")).to_contain_text("+MINE +MODE +OPENAI_API_KEY")
            expect(page.get_by_test_id("history")).to_contain_text(name)
            self.assertNotIn("sk-very-secret", page.content())
        self.picture(ada, "bot-history")

    def expire(self, ada, root, bot):
        """A month passes: it stops on both pages, and its owner is told so."""
        for page in (ada, root):
            page.goto(f"{self.server.base}/bots/{bot}")
        self.assertEqual(root.evaluate(SEND, ["POST", "/api/sandbox/clock", {"days": 31}]), 204)
        for page in (ada, root):
            self.stands(page, "Expired - payment required", "Stopped")
        ada.goto(self.server.base + "/dashboard")
        expect(ada.get_by_test_id("notices")).to_contain_text("Harbour helper has ended and is stopped.")
        expect(ada.get_by_test_id("badge").first).to_have_text("Expired - payment required")
        self.picture(ada, "dashboard")

    def be_renewed(self, ada, root, bot):
        """Asked for by its owner, and granted from the list of the expired; it runs again, with the same phone."""
        ada.goto(f"{self.server.base}/bots/{bot}")
        ada.get_by_test_id("ask-renewal").click()
        expect(ada.get_by_test_id("toasts")).to_contain_text("The renewal is asked for.")
        root.goto(self.server.base + "/expired")
        expect(root.get_by_test_id("bot-row")).to_contain_text("Asks for 1 month more")
        self.picture(root, "expired")
        root.check(f"[name=bot][value^='{bot}:']")
        root.get_by_test_id("bulk-renew").click()
        self.stands(ada, "Active", "Running")
        expect(ada.get_by_test_id("stop")).to_be_visible()
        expect(ada.get_by_test_id("expiry").first).to_contain_text("Ends in 30 days")
        expect(root.get_by_test_id("bot-row")).to_have_count(0)
        root.goto(self.server.base + "/admin/bots?state=approved")
        self.stands(root.get_by_test_id("bot-row"), "Active", "Running")

    def delete(self, ada, root, address):
        """Once its name is typed; it is gone for both, and the phone has no device left."""
        ada.goto(address + "/settings")
        self.picture(ada, "bot-settings")
        expect(ada.get_by_test_id("delete")).to_be_disabled()
        ada.get_by_test_id("delete-name").fill("Harbour helper")
        ada.get_by_test_id("delete").click()
        ada.wait_for_url("**/dashboard")
        expect(ada.get_by_test_id("empty")).to_be_visible()
        root.goto(self.server.base + "/admin/bots")
        expect(root.get_by_test_id("bot-row")).to_have_count(0)
        self.assertEqual(root.goto(address).status, 404)

    def test_what_may_become_of_a_bot(self):
        """Offered, without its phone, held by a limit, and kept out by maintenance; each says what to do next."""
        base = self.server.base
        ada, root = self.open(), self.open()
        self.register(ada, "ada.four@example.com", "Ada")
        self.enter(root, ADMINISTRATOR)
        address = self.deploy(ada, "Ferry")
        bot = address.rsplit("/", 1)[1]
        self.scan(ada)
        self.assertEqual(root.evaluate(SEND, ["POST", f"/api/bots/{bot}/approve", {"months": 1}]), 200)
        self.stands(ada, "Active", "Running")

        # Its phone unlinks it.
        devices = call("GET", f"{self.server.sandbox}/sandbox/phones/{PHONE}/devices")[1]
        for device in devices["devices"] if isinstance(devices, dict) else devices:
            call("DELETE", f"{self.server.sandbox}/sandbox/phones/{PHONE}/devices/{device['device']}")
        self.stands(ada, "Active", "Failed")
        ada.reload()
        expect(ada.get_by_test_id("reason")).to_contain_text("Link")
        self.picture(ada, "bot-failed")
        ada.get_by_test_id("link-qr").click()
        self.scan(ada)
        self.stands(ada, "Active", "Running")

        # More than its plan has: that is found at the next measurement, and meanwhile it is offered to somebody.
        tiny = {"id": "tiny", "name": "Tiny", "messagesPerDay": 0}
        self.assertEqual(root.evaluate(SEND, ["POST", "/api/admin/plans", tiny]), 201)
        given = {"email": "ada.four@example.com", "plan": "tiny"}
        self.assertEqual(root.evaluate(SEND, ["POST", "/api/admin/subscriptions", given]), 204)
        tug = self.deploy(ada, "Tug")
        ada.goto(tug + "/settings")
        ada.locator("form[action$='/transfer'] input[type=email]").fill(ADMINISTRATOR)
        ada.locator("form[action$='/transfer'] button").click()
        ada.get_by_test_id("confirm-yes").click()
        expect(ada.locator("form[action$='/end-transfer']")).to_be_visible()
        root.goto(base + "/dashboard")
        expect(root.get_by_test_id("notices")).to_contain_text("offers you the bot Tug")
        root.get_by_test_id("notices").get_by_role("link").first.click()
        expect(root.get_by_test_id("accept")).to_be_visible()
        self.picture(root, "bot-offered")
        root.get_by_test_id("decline").click()
        root.wait_for_url("**/dashboard")
        ada.goto(address)
        expect(ada.get_by_test_id("reason")).to_contain_text("messages of your plan are used up", timeout=PATIENCE)
        self.picture(ada, "bot-held")
        ada.goto(base + "/dashboard")
        expect(ada.get_by_test_id("notices")).to_contain_text("a limit of your plan is reached")
        self.picture(ada, "dashboard-notices")

        # Worked on: nobody new comes in, and everybody reads why.
        root.goto(base + "/admin/system")
        root.fill("[name=text]", "New disks are put in. Back at noon.")
        root.get_by_test_id("maintenance-on").click()
        expect(root.get_by_test_id("maintenance-off")).to_be_visible()
        self.picture(root, "admin-system-maintenance")
        ada.goto(base + "/dashboard")
        expect(ada.get_by_test_id("maintenance")).to_contain_text("Back at noon")
        self.picture(ada, "dashboard-maintenance")
        ada.goto(base + "/deploy")
        expect(ada.get_by_test_id("maintenance")).to_contain_text("Back at noon")
        ada.fill("[name=name]", "Skiff")
        ada.get_by_test_id("deploy-submit").click()
        expect(ada.get_by_test_id("problem")).to_contain_text("being worked on")
        self.picture(ada, "deploy-maintenance")
        root.goto(base + "/admin/system")
        root.get_by_test_id("maintenance-off").click()
        expect(root.get_by_test_id("maintenance-on")).to_be_visible()
        ada.goto(base + "/admin")
        self.picture(ada, "error-403")
        self.assertEqual(self.complaints, [])

    def test_ten_thousand_lines_are_read_without_a_stutter(self):
        page = self.open()
        self.register(page, "log@example.com", "Log")
        bot = self.deploy(page, "Talker").rsplit("/", 1)[1]
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

    def test_a_page_that_is_cut_off_says_so_and_catches_up(self):
        page, root = self.open(), self.open()
        self.enter(root, ADMINISTRATOR)
        address = self.deploy(root, "Lighthouse")
        bot = address.rsplit("/", 1)[1]
        routes = []

        def stand_between(route):
            routes.append((route, route.connect_to_server()))

        # The test is a wire that it can cut, and that stays cut until it says otherwise.
        page.route_web_socket(re.compile(r"/ws$"), stand_between)
        self.enter(page, ADMINISTRATOR)
        page.goto(address)
        state = page.get_by_test_id("live-state")
        expect(page.get_by_test_id("run").first).to_have_text("Waiting for a phone")
        expect(state).to_be_hidden()
        page.route_web_socket(re.compile(r"/ws$"), lambda route: route.close(code=1013))
        for side in routes[-1]:
            side.close(code=1001)
        expect(state).to_be_visible()
        expect(state).to_have_text("Offline: trying to connect again")
        expect(state).to_have_attribute("role", "status")
        self.picture(page, "bot-offline")
        # What happens meanwhile is told to nobody; it is there once the connection is.
        self.assertEqual(root.evaluate(SEND, ["POST", f"/api/bots/{bot}/approve", {"months": 1}]), 200)
        expect(page.get_by_test_id("badge").first).to_have_text("Pending approval")
        page.route_web_socket(re.compile(r"/ws$"), stand_between)
        expect(state).to_be_hidden()
        expect(page.get_by_test_id("badge").first).to_have_text("Active")

    def test_charts_say_in_words_what_they_show(self):
        page = self.open()
        self.enter(page, ADMINISTRATOR)
        self.deploy(page, "Chart")
        for path, names in (("/dashboard", ("messages", "memory", "processor", "traffic")), ("/admin/deployments", ("created",))):
            page.goto(self.server.base + path)
            for name in names:
                chart = page.get_by_test_id(f"chart-{name}")
                expect(chart.locator("svg.chart")).to_have_attribute("aria-hidden", "true")
                self.assertRegex(chart.locator("p.visually-hidden").inner_text(), r"\w+.*\.$")
        # One bar for the day on which there was something; its words have the same figures.
        chart = page.get_by_test_id("chart-created")
        expect(chart.locator(".chart-bars rect")).to_have_count(1)
        figure = chart.locator("figcaption strong").inner_text()
        self.assertIn(figure, chart.locator("p.visually-hidden").inner_text())
        self.assertIn(re.search(r"\d+", figure).group(), chart.locator("rect title").text_content())

    def test_the_time_that_is_left_runs_down(self):
        ada, root = self.open(), self.open()
        self.register(ada, "ada.three@example.com", "Ada")
        self.enter(root, ADMINISTRATOR)
        address = self.deploy(ada, "Hourglass")
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
        ada, eve = self.open(), self.open()
        self.register(ada, "ada.two@example.com", "Ada")
        self.deploy(ada, "Mine")
        self.register(eve, "eve@example.com", "Eve")
        self.assertEqual(eve.goto(ada.url).status, 404)
        bot = ada.url.rsplit("/", 1)[1]
        eve.goto(self.server.base + "/dashboard")
        for method, path in (("DELETE", ""), ("POST", "/start"), ("POST", "/link")):
            self.assertEqual(eve.evaluate(SEND, [method, f"/api/bots/{bot}{path}", {}]), 404)


if __name__ == "__main__":
    unittest.main()
