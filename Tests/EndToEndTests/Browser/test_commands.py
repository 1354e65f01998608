"""What a bot does, set in the panel and felt on a phone."""
import re
import time
import unittest
from datetime import datetime, timedelta, timezone

import walks
from playwright.sync_api import expect
from server import ADMINISTRATOR, PASSWORD, PHONE, call
from walks import PATIENCE

BOB = "15550002222"


class CommandTests(walks.Walk):
    settings = {"ADMIN_USERNAME": ADMINISTRATOR, "ADMIN_PASSWORD": PASSWORD, "WHARF_VERIFY_EMAIL": "false"}
    # A form that is refused, which the browser names.
    forgiven = ("status of 422",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call("POST", cls.server.sandbox + "/sandbox/phones", {"number": BOB, "name": "Bob"})

    def setUp(self):
        super().setUp()
        self.page = self.open()

    # What happens on the phones.

    def heard(self, number):
        return [m for m in call("GET", f"{self.server.sandbox}/sandbox/phones/{number}/messages")[1]["messages"]]

    def writes(self, text, to=f"{PHONE}@s.whatsapp.net", number=BOB):
        status, sent = call("POST", f"{self.server.sandbox}/sandbox/phones/{number}/messages", {"to": to, "text": text})
        self.assertIn(status, (200, 201), sent)
        return sent

    def waits_for(self, text, number=BOB):
        """The first message on the phone that holds the text, once it has come."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for message in self.heard(number):
                if text in (message.get("text") or ""):
                    return message
            time.sleep(0.1)
        self.fail(f"nobody wrote “{text}”: {[m.get('text') for m in self.heard(number)]}")

    # The walk.

    def deploy(self):
        page, base = self.page, self.server.base
        self.enter(page, ADMINISTRATOR)
        page.goto(base + "/deploy")
        page.fill("[name=name]", "Harbour helper")
        page.get_by_test_id("deploy-submit").click()
        page.wait_for_url("**/bots/*")
        address = page.url
        page.get_by_test_id("sandbox-scan").click()
        expect(page.get_by_test_id("link-card")).to_have_count(0, timeout=PATIENCE)
        page.goto(address)
        page.get_by_test_id("approve").click()
        expect(page.get_by_test_id("run").first).to_have_text("Running", timeout=PATIENCE)
        return address

    def test_what_a_bot_does(self):
        page = self.page
        address = self.deploy()
        self.writes("!ping")
        self.waits_for("Pong!")
        self.commands(address)
        self.answers(address)
        self.chats(address)
        self.rules(address)
        self.own_commands(address)
        self.activity(address)
        # Last, because it moves the bots' clock.
        self.presets(address)
        self.schedules(address)
        self.assertEqual(self.complaints, [])

    def test_an_address_is_confirmed_later(self):
        """Where nobody has to, whoever wants mails confirms it from the inside."""
        page = self.page
        page.goto(self.server.base + "/register")
        self.fill(page, name="Lou", email="lou@example.com", password=PASSWORD)
        self.submit(page, "register-form")
        page.wait_for_url("**/dashboard")
        page.goto(self.server.base + "/verify-email")
        self.picture(page, "verify-again")
        self.submit(page, "form")
        expect(page.get_by_role("status")).to_contain_text("on its way")
        self.follow_mail(page, "lou@example.com")
        self.submit(page, "form")
        page.wait_for_url("**/dashboard")
        page.goto(self.server.base + "/settings")
        expect(page.get_by_test_id("unverified")).to_have_count(0)

    def commands(self, address):
        """A command that is switched off gets no answer, and one with everything the bot knows."""
        page = self.page
        page.goto(address + "/commands")
        self.picture(page, "commands")
        page.get_by_test_id("command-search").fill("how fast")
        expect(page.get_by_test_id("command-menu")).to_be_hidden()
        expect(page.get_by_test_id("command-ping")).to_be_visible()
        page.get_by_test_id("command-ping").locator("[data-toggle]").uncheck(force=True)
        expect(page.get_by_test_id("toasts")).to_contain_text("Saved.")
        page.reload()
        expect(page.get_by_test_id("command-ping").locator("[data-toggle]")).not_to_be_checked()
        before = sum("Pong!" in (m.get("text") or "") for m in self.heard(BOB))
        self.writes("!ping")
        # In order: once the next is answered, this one would have been.
        self.waits_for("switched off")
        self.assertEqual(sum("Pong!" in (m.get("text") or "") for m in self.heard(BOB)), before)
        page.get_by_test_id("command-ping").locator("[data-toggle]").check(force=True)
        expect(page.get_by_test_id("toasts")).to_contain_text("Saved.")

    def answers(self, address):
        page = self.page
        page.goto(address + "/answers")
        self.picture(page, "answers")
        page.fill("#line-prefixes", "? /")
        page.fill("#line-owners", "my number")
        page.fill("#line-welcome", "Welcome {mention} to {group}!")
        page.get_by_test_id("save-answers").click()
        expect(page.locator("#line-owners-error")).to_contain_text("country code")
        expect(page.locator("#line-prefixes")).to_have_value("? /")
        expect(page.locator("#line-welcome")).to_have_value("Welcome {mention} to {group}!")
        self.picture(page, "answers-wrong")
        page.fill("#line-owners", "+1 555 000 2222")
        page.get_by_test_id("save-answers").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("Saved")
        self.writes("/ping")
        self.waits_for("Pong!")

    def chats(self, address):
        page = self.page
        page.goto(address + "/chats")
        page.fill("#line-chat", f"+{BOB}")
        page.get_by_test_id("add-chat").click()
        page.wait_for_url("**/chats?chat=*")
        page.check("#line-isSilent")
        page.select_option("#line-links", "warn")
        self.picture(page, "chat")
        page.get_by_test_id("save-chat").click()
        expect(page.get_by_test_id("chats")).to_contain_text("silent, no links")
        self.picture(page, "chats")

    def rules(self, address):
        """Two rules, tried on the page and felt on a phone; one of them sends a file along."""
        page = self.page
        page.goto(address + "/rules")
        self.picture(page, "rules-empty")
        page.fill("#line-pattern", "(a")
        page.select_option("#line-match", "regex")
        page.fill("#line-answer", "We are open from 9 to 17, {name}.")
        page.get_by_test_id("save-rule").click()
        expect(page.locator("#line-pattern-error")).to_contain_text("regular expression")
        page.fill("#line-pattern", "^when.*open")
        page.get_by_test_id("save-rule").click()
        expect(page.get_by_test_id("rules")).to_contain_text("^when.*open")
        page.locator("#editor > summary").click()
        page.fill("#line-pattern", "open")
        page.fill("#line-answer", "Our card")
        page.fill("#line-priority", "-5")
        page.get_by_test_id("new-file").set_input_files(
            {"name": "card.txt", "mimeType": "text/plain", "buffer": b"Tea 1, cake 2"}
        )
        expect(page.get_by_test_id("toasts")).to_contain_text("The file is there.")
        expect(page.locator("#line-file option:checked")).to_contain_text("card.txt")
        page.get_by_test_id("save-rule").click()
        expect(page.get_by_test_id("rule")).to_have_count(2)
        page.fill("#line-text", "When do you open?")
        page.get_by_test_id("try").click()
        expect(page.get_by_test_id("trial-answer")).to_have_text("We are open from 9 to 17, Ada.")
        expect(page.get_by_test_id("verdict").nth(0)).to_have_text("answers")
        expect(page.get_by_test_id("verdict").nth(1)).to_contain_text("another is first")
        self.picture(page, "rules")
        # In a chat where it is not silent.
        self.unsilence(address)
        self.writes("When do you open?")
        self.waits_for("We are open from 9 to 17, Bob.")
        page.goto(address + "/rules")
        page.get_by_test_id("switch-rule").first.click()
        expect(page.get_by_test_id("rule").first).to_contain_text("off")
        self.writes("When do you open again?")
        self.assertEqual(self.waits_for("Our card")["kind"], "document")

    def unsilence(self, address):
        page = self.page
        page.goto(f"{address}/chats")
        page.get_by_test_id("chats").locator("form button").first.click()
        page.locator("#confirm-yes").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("Saved")

    def own_commands(self, address):
        """A command with a menu, seen before it is saved; and one that another program answers."""
        page = self.page
        page.goto(address + "/custom")
        page.fill("#line-name", "prices")
        page.fill("#line-summary", "What things cost")
        page.fill("#line-text", "Hello {name}, choose:")
        page.locator("[name=choice-title]").nth(0).fill("Tea")
        page.locator("[name=choice-text]").nth(0).fill("Tea is 1 €.")
        page.locator("[name=choice-title]").nth(1).fill("Cake")
        page.locator("[name=choice-text]").nth(1).fill("Cake is 2 €.")
        expect(page.get_by_test_id("preview")).to_contain_text("2. Cake")
        expect(page.get_by_test_id("preview")).to_contain_text("Hello Ada, choose:")
        page.fill("#line-words", "2")
        expect(page.get_by_test_id("preview")).to_have_text("Cake is 2 €.")
        page.fill("#line-name", "ping")
        expect(page.get_by_test_id("preview")).to_contain_text("choose another name")
        page.fill("#line-name", "prices")
        expect(page.get_by_test_id("preview")).to_have_text("Cake is 2 €.")
        page.get_by_test_id("add-choice").click()
        expect(page.locator("[name=choice-title]")).to_have_count(3)
        self.picture(page, "custom-menu")
        page.get_by_test_id("save-custom").click()
        expect(page.get_by_test_id("custom-prices")).to_contain_text("What things cost")
        self.writes("/prices 2")
        self.waits_for("Cake is 2 €.")
        page.locator("#editor > summary").click()
        page.select_option("#line-kind", "request")
        expect(page.locator("#line-webhook\\.url")).to_be_hidden()
        expect(page.locator("#line-request\\.url")).to_be_visible()
        self.picture(page, "custom-request")
        page.select_option("#line-kind", "webhook")
        expect(page.locator("#line-text")).to_be_hidden()
        page.fill("#line-name", "order")
        page.fill("#line-webhook\\.url", "https://example.com/hook")
        page.get_by_test_id("save-custom").click()
        page.wait_for_url("**/custom?command=order*")
        # There is one from the start, which nobody has seen here.
        page.get_by_test_id("make-secret").click()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("secret-text")).to_have_text(re.compile("^[0-9a-f]{64}$"))
        self.picture(page, "custom-secret")

    def schedules(self, address):
        page = self.page
        page.goto(address + "/schedules")
        page.fill("#line-chat", f"+{BOB}")
        page.fill("#line-text", "Tick {bot}")
        page.select_option("#line-kind", "again")
        expect(page.locator("#line-at")).to_be_hidden()
        page.fill("#line-cron", "every day")
        page.get_by_test_id("save-plan").click()
        expect(page.locator("#line-cron-error")).to_contain_text("five fields")
        self.picture(page, "schedules-wrong")
        page.fill("#line-cron", "* * * * *")
        page.get_by_test_id("save-plan").click()
        expect(page.get_by_test_id("plans")).to_contain_text("Tick {bot}")
        page.get_by_test_id("switch-plan").click()
        expect(page.get_by_test_id("plan")).to_contain_text("pauses")
        page.get_by_test_id("switch-plan").click()
        expect(page.get_by_test_id("plan")).not_to_contain_text("pauses")
        self.picture(page, "schedules")
        page.get_by_test_id("delete-plan").click()
        page.locator("#confirm-yes").click()
        expect(page.get_by_test_id("plans")).to_have_count(0)
        # Due a minute before the bots' clock has moved by a day.
        soon = datetime.now(timezone.utc) + timedelta(days=1, minutes=-1)
        page.fill("#line-chat", f"+{BOB}")
        page.fill("#line-text", "Tock {bot}")
        page.fill("#line-at", soon.strftime("%Y-%m-%dT%H:%M"))
        page.get_by_test_id("save-plan").click()
        expect(page.get_by_test_id("plans")).to_contain_text("Tock {bot}")
        moved = page.evaluate(
            """async (token) => (await fetch('/api/sandbox/clock', {method: 'POST', body: '{"days":1}', headers:
            {'Content-Type': 'application/json', 'X-CSRF-Token': token}})).status""",
            page.locator("meta[name=csrf]").get_attribute("content"),
        )
        self.assertEqual(moved, 204)
        self.waits_for("Tock Harbour helper")
        # The phone may have it before it is written down.
        end = time.monotonic() + 30
        while page.reload() and "Sent" not in page.get_by_test_id("plan").inner_text():
            self.assertLess(time.monotonic(), end, "the message is not marked as sent")
            time.sleep(0.2)

    def presets(self, address):
        page = self.page
        page.goto(address + "/presets")
        self.picture(page, "presets")
        page.get_by_test_id("apply-shop").click()
        page.locator("#confirm-yes").click()
        page.wait_for_url("**/answers")
        expect(page.locator("#line-mode")).to_have_value("inbox")
        page.goto(address + "/rules")
        expect(page.get_by_test_id("rules")).to_contain_text("hello")
        page.goto(self.server.base + "/deploy")
        page.get_by_test_id("preset-moderator").check()
        self.picture(page, "deploy-preset")

    def activity(self, address):
        page = self.page
        page.goto(address + "/warnings")
        expect(page.get_by_test_id("empty")).to_be_visible()
        self.picture(page, "warnings")
        end = time.monotonic() + 30
        while page.goto(address + "/statistics?span=day") and page.get_by_test_id("uses").count() == 0:
            self.assertLess(time.monotonic(), end, "nothing was counted")
            time.sleep(0.5)
        expect(page.get_by_test_id("uses")).to_contain_text("ping")
        expect(page.get_by_test_id("users")).to_contain_text(f"+{BOB}")
        self.picture(page, "statistics")


if __name__ == "__main__":
    unittest.main()
