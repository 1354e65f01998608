"""Mails leave by SMTP, to a server that somebody else wrote."""
import email
import email.policy
import os
import queue
import re
import unittest
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from aiosmtpd.controller import Controller

from server import Server, free_port

ARTIFACTS = os.environ["BROWSER_TEST_ARTIFACTS"]


class Letters:
    def __init__(self):
        self.taken = queue.Queue()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 there is no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.put(envelope)
        return "250 OK"


class MailTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.letters = Letters()
        cls.controller = Controller(cls.letters, hostname="127.0.0.1", port=free_port())
        cls.controller.start()
        cls.server = Server(ARTIFACTS)
        cls.server.start({
            "WHARF_SMTP_URL": f"smtp://127.0.0.1:{cls.controller.port}",
            "WHARF_MAIL_FROM": "harbour@wharf.example",
            "WHARF_PUBLIC_URL": "https://wharf.example",
        })

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.controller.stop()

    def register(self, address, name, language="en"):
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        asked = urllib.request.Request(self.server.base + "/register", headers={"accept-language": language})
        with opener.open(asked) as answer:
            page = answer.read().decode()
            cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("set-cookie"))
        token = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        form = urllib.parse.urlencode({"csrf": token, "name": name, "email": address, "password": "harbour crane at dawn"})
        sent = urllib.request.Request(
            self.server.base + "/register",
            data=form.encode(),
            headers={"cookie": cookies, "accept-language": language, "origin": self.server.base},
        )

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        try:
            urllib.request.build_opener(Stay).open(sent)
        except urllib.error.HTTPError as answer:
            self.assertEqual(answer.status, 303)

    def test_a_mail_is_delivered(self):
        self.register("siti@example.com", "Siti Nurhaliza \u2603", language="id")
        envelope = self.letters.taken.get(timeout=30)
        self.assertEqual(envelope.mail_from, "harbour@wharf.example")
        self.assertEqual(envelope.rcpt_tos, ["siti@example.com"])
        self.assertTrue(all(len(line) <= 998 and max(line, default=0) < 128 for line in envelope.content.split(b"\r\n")))
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.assertEqual(letter["Subject"], "Konfirmasi alamat surel Anda")
        self.assertEqual(letter["To"].addresses[0].addr_spec, "siti@example.com")
        self.assertEqual(letter["Auto-Submitted"], "auto-generated")
        text = letter.get_content()
        self.assertIn("Halo Siti Nurhaliza \u2603", text)
        self.assertRegex(text, r"https://wharf\.example/verify-email/[A-Za-z0-9_-]{43}\s")

    def test_what_is_refused_for_good_stops_nobody(self):
        self.register("nobody@example.com", "Nobody")
        self.register("after@example.com", "After")
        self.assertEqual(self.letters.taken.get(timeout=30).rcpt_tos, ["after@example.com"])


if __name__ == "__main__":
    unittest.main()
