"""Gets session IDs as a person does: Chromium on one side, simulated phones on the other."""
import re
import unittest
import urllib.request

import walks
from playwright.sync_api import expect
from server import ADMINISTRATOR, PASSWORD, PHONE, call
from walks import PATIENCE


class GenerateTests(walks.Walk):
    # Addresses that are not there, and a form that is refused.
    forgiven = ("status of 4",)

    def open(self, path="/generate", **options):
        page = super().open(**options)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=self.server.base)
        page.goto(self.server.base + path, wait_until="load")
        return page

    def devices(self):
        return call("GET", f"{self.server.sandbox}/sandbox/phones/{PHONE}/devices")[1]

    def unlink_all(self):
        listed = self.devices()
        for device in listed["devices"] if isinstance(listed, dict) else listed:
            call("DELETE", f"{self.server.sandbox}/sandbox/phones/{PHONE}/devices/{device['device']}")

    def setUp(self):
        super().setUp()
        self.unlink_all()

    def show_qr(self, page):
        page.get_by_test_id("method-qr").click()
        expect(page.get_by_test_id("qr")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_test_id("qr-countdown")).to_be_visible(timeout=PATIENCE)

    def take(self, page):
        """Copies, reveals and checks the outcome; gives the session ID."""
        expect(page.get_by_test_id("result")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_test_id("result-who")).to_contain_text(PHONE[-4:])
        field = page.get_by_test_id("session-id")
        hidden = field.input_value()
        page.get_by_test_id("copy").click()
        expect(page.get_by_test_id("wipe-ask")).to_be_visible()
        # The page may write to the clipboard and not read it; a person's paste does.
        checker = page.get_by_test_id("decoder-input")
        checker.focus()
        page.keyboard.press("Control+V")
        copied = checker.input_value()
        self.assertNotEqual(hidden, copied, "the session ID is shown before anybody asked for it")
        page.get_by_test_id("reveal").click()
        expect(field).to_have_value(copied)
        return copied

    def assert_logs_in(self, session_id):
        status, report = call(
            "POST", self.server.base + "/api/session/validate", {"sessionID": session_id, "checkLogin": True}
        )
        self.assertEqual(status, 200, report)
        self.assertTrue(report["valid"], report)
        self.assertIn(PHONE, report["jid"])
        self.assertTrue(report["login"]["ok"], report)

    def test_scanned_qr_gives_a_session_id_that_logs_in(self):
        page = self.open()
        self.show_qr(page)
        self.picture(page, "generate-qr")
        page.get_by_test_id("sandbox-scan").click()
        session_id = self.take(page)
        self.picture(page, "generate-done")
        self.assert_logs_in(session_id)
        page.get_by_test_id("wipe").click()
        expect(page.get_by_test_id("wiped")).to_be_visible()
        self.assertEqual(self.complaints, [])

    def test_the_whole_way_in_indonesian(self):
        page = self.open("/", narrow=True, locale="id-ID")
        self.picture(page, "home-id")
        expect(page.get_by_test_id("cta")).to_have_text("Buat ID sesi")
        page.goto(self.server.base + "/generate", wait_until="load")
        expect(page.locator("h1")).to_have_text("Dapatkan ID sesi")
        expect(page.locator("#country option").nth(1)).to_contain_text("Afganistan")
        page.get_by_test_id("method-code").click()
        expect(page.get_by_test_id("phone-error")).to_have_text("Ketik nomor telepon akun yang ingin Anda tautkan.")
        self.show_qr(page)
        expect(page.get_by_test_id("qr-countdown")).to_contain_text("Kode ini diperbarui dalam")
        self.picture(page, "generate-id")
        page.get_by_test_id("sandbox-scan").click()
        session_id = self.take(page)
        expect(page.locator("#result-title")).to_have_text("Ponsel Anda tertaut")
        expect(page.get_by_test_id("decoder-result")).to_contain_text("Lengkap")
        self.picture(page, "generate-done-id")
        self.assert_logs_in(session_id)
        # Every text of the scripts was found by its name.
        self.assertNotRegex(page.inner_text("main"), r"\b(said|trait|read|note|lacks|pointer|phone|prefix)\.[a-z_]+")
        # Another language is chosen at the foot of the page.
        page.goto(self.server.base + "/")
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        self.assertEqual(self.complaints, [])

    def test_typed_code_works_on_a_dark_phone(self):
        page = self.open(narrow=True, dark=True)
        page.get_by_test_id("phone").fill("+" + PHONE)
        page.get_by_test_id("method-code").click()
        code = page.get_by_test_id("pairing-code")
        expect(code).to_contain_text("-", timeout=PATIENCE)
        self.picture(page, "generate-code")
        status, answer = call(
            "POST", f"{self.server.sandbox}/sandbox/phones/{PHONE}/link", {"code": code.inner_text().strip()}
        )
        self.assertEqual(status, 200, answer)
        session_id = self.take(page)
        self.assert_logs_in(session_id)
        self.assertEqual(self.complaints, [])

    def test_the_checker_reads_a_session_id_without_a_request(self):
        page = self.open()
        self.show_qr(page)
        page.get_by_test_id("sandbox-scan").click()
        session_id = self.take(page)
        page.get_by_test_id("decoder-clear").click()
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        page.get_by_test_id("decoder-input").fill(session_id)
        expect(page.get_by_test_id("decoder-result")).to_contain_text(PHONE[-4:])
        self.assertEqual(requests, [])

    def test_cancelled_try_can_be_started_again(self):
        page = self.open()
        self.show_qr(page)
        page.get_by_test_id("cancel").click()
        expect(page.get_by_test_id("generator")).to_have_attribute("data-state", "idle", timeout=PATIENCE)
        self.show_qr(page)

    def test_a_wrong_number_is_named_beside_its_field(self):
        page = self.open()
        page.get_by_test_id("phone").fill("12")
        page.get_by_test_id("method-code").click()
        expect(page.get_by_test_id("phone-error")).not_to_be_empty()
        self.assertEqual(self.complaints, [])

    def test_without_javascript_the_qr_way_works(self):
        page = self.open(script=False)
        page.get_by_test_id("method-qr").click()
        page.wait_for_url("**/generate/*")
        image = page.get_by_test_id("qr")
        expect(image).to_be_visible(timeout=PATIENCE)
        self.picture(page, "attempt")
        request = urllib.request.Request(
            self.server.base + image.get_attribute("src"), headers={"accept": "text/plain"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            qr = answer.read().decode().strip()
        status, said = call("POST", f"{self.server.sandbox}/sandbox/phones/{PHONE}/scan", {"qr": qr})
        self.assertEqual(status, 200, said)
        field = page.get_by_test_id("session-id")
        expect(field).to_be_attached(timeout=PATIENCE)
        expect(field).not_to_be_visible()
        self.assert_logs_in(field.input_value())

    def test_pages_for_everybody(self):
        page = self.open("/")
        for path, name in {
            "/": "home", "/generate": "generate", "/docs": "docs", "/docs/api": "docs-page",
            "/docs/troubleshooting": "docs-troubleshooting", "/api-docs": "api-docs", "/dev/mail": "dev-mail-empty",
        }.items():
            page.goto(self.server.base + path, wait_until="load")
            self.picture(page, name)
        self.assertEqual(self.complaints, [])
        for path, status in {"/nothing-here": 404, "/reset/was-used-already": 410}.items():
            self.assertEqual(page.goto(self.server.base + path).status, status)
            self.picture(page, f"error-{status}")

    def test_the_first_administrator(self):
        page = self.open(self.server.set_up_link())
        self.picture(page, "setup")
        self.fill(page, email=ADMINISTRATOR, name="Root", password="password123")
        self.submit(page, "form")
        expect(page.locator(".field-error")).to_contain_text("among the first that are tried")
        self.fill(page, password=PASSWORD)
        self.submit(page, "form")
        page.wait_for_url("**/dashboard")
        # There is a way in now, and the link is none any longer.
        self.assertEqual(self.open(self.server.set_up_link()).locator("h1").inner_text(), "This is over")

    def test_the_theme_is_remembered(self):
        page = self.open("/")
        body = page.locator("body")
        before = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_test_id("theme-toggle").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        # Colours change over a moment, and the policy forbids the evaluation that waiting for a function needs.
        expect(body).not_to_have_css("background-color", before)
        page.goto(self.server.base + "/docs", wait_until="load")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(body).not_to_have_css("background-color", before)


if __name__ == "__main__":
    unittest.main()
