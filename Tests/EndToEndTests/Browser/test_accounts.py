"""Accounts as a person uses them: register, confirm, log in, settings, a team, another site's login, administration."""
import base64
import hashlib
import hmac
import struct
import time
import unittest

import walks
from identity_provider import IdentityProvider
from playwright.sync_api import expect
from server import ADMINISTRATOR, PASSWORD, call


def code_of(secret):
    """What an authenticator shows now (RFC 6238)."""
    text = secret.replace(" ", "")
    key = base64.b32decode(text + "=" * (-len(text) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time() // 30)), hashlib.sha1).digest()
    offset = digest[19] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class AccountTests(walks.Walk):
    # Forms that are refused.
    forgiven = ("status of",)

    @classmethod
    def setUpClass(cls):
        cls.provider = IdentityProvider()
        cls.provider.start()
        cls.addClassCleanup(cls.provider.stop)
        cls.settings = {
            **cls.provider.settings(), "ADMIN_USERNAME": ADMINISTRATOR, "ADMIN_PASSWORD": PASSWORD,
        }
        super().setUpClass()

    def test_what_was_typed_stays(self):
        page = self.open("/register")
        self.fill(page, name="Tim", email="tim@example.com", password="password123")
        self.submit(page, "register-form")
        expect(page.locator("[name=email]").last).to_have_value("tim@example.com")
        expect(page.locator(".field-error")).to_contain_text("among the first that are tried")
        self.picture(page, "register-refused")

    def test_a_forgotten_password(self):
        page = self.open("/")
        self.register(page, "ken@example.com", "Ken")
        self.log_out(page)
        page.goto(self.server.base + "/forgot")
        self.fill(page, email="ken@example.com")
        self.picture(page, "forgot")
        self.submit(page, "form")
        expect(page.get_by_test_id("notice")).to_contain_text("Look at your mail")
        self.picture(page, "forgot-sent")
        letter = self.mail(page, "ken@example.com", "new password")
        self.picture(page, "dev-mail")
        page.goto(letter.locator("a").first.get_attribute("href"))
        self.picture(page, "reset")
        self.fill(page, password="seven gulls over rope")
        self.submit(page, "form")
        page.wait_for_url("**/login")
        self.fill(page, email="ken@example.com", password="seven gulls over rope")
        self.submit(page, "login-form")
        page.wait_for_url("**/dashboard")

    def test_settings_and_the_second_factor(self):
        page = self.open("/")
        self.register(page, "mei@example.com", "Mei")
        for path in ("", "/security", "/devices", "/keys", "/team", "/data"):
            page.goto(self.server.base + "/settings" + path)
            self.picture(page, "settings" + path.replace("/", "-"))
        page.goto(self.server.base + "/settings/keys")
        self.fill(page, name="Backup")
        page.locator("#scope-account_read").check()
        self.submit(page, "key-form")
        key = page.locator("#made-key").inner_text()
        self.picture(page, "settings-key-made")
        status, account = call("GET", self.server.base + "/api/account", headers={"authorization": f"Bearer {key}"})
        self.assertEqual((status, account["name"]), (200, "Mei"))
        page.goto(self.server.base + "/settings/security")
        page.get_by_test_id("two-factor-begin").click()
        secret = page.get_by_test_id("two-factor-secret").inner_text()
        self.picture(page, "settings-two-factor")
        self.fill(page, code=code_of(secret))
        page.locator("#two-factor form button").last.click()
        listed = page.get_by_test_id("recovery-codes").locator("li")
        expect(listed).to_have_count(10)
        codes = listed.all_inner_texts()
        self.picture(page, "settings-recovery-codes")
        self.log_out(page)
        self.log_in(page, "mei@example.com")
        expect(page.get_by_test_id("code-form")).to_be_visible()
        self.picture(page, "login-code")
        self.fill(page, code="000000")
        self.submit(page, "code-form")
        expect(page.get_by_test_id("problem")).to_contain_text("wrong or was used")
        self.fill(page, code=codes[0])
        self.submit(page, "code-form")
        page.wait_for_url("**/dashboard")
        page.goto(self.server.base + "/settings/security")
        page.get_by_test_id("two-factor-off").click()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("The second factor is off.")
        self.assertEqual(self.complaints, [])

    def test_an_agent_is_invited_and_removed(self):
        owner = self.open("/")
        self.register(owner, "olga@example.com", "Olga")
        owner.goto(self.server.base + "/settings/team")
        self.fill(owner, email="bob@example.com")
        self.submit(owner, "invite-form")
        expect(owner.get_by_test_id("invitations")).to_contain_text("bob@example.com")
        self.picture(owner, "settings-team-invited")
        agent = self.open("/")
        self.follow_mail(agent, "bob@example.com")
        self.picture(agent, "invitation")
        self.fill(agent, name="Bob", password=PASSWORD)
        self.submit(agent, "form")
        agent.wait_for_url("**/dashboard")
        expect(agent.locator(".panel-nav")).not_to_contain_text("Deploy")
        owner.reload()
        owner.get_by_test_id("members").get_by_role("button").click()
        owner.get_by_test_id("confirm-yes").click()
        expect(owner.get_by_test_id("toasts")).to_contain_text("removed from the team")

    def test_another_sites_login(self):
        page = self.open("/login")
        callbacks = []
        page.on("request", lambda request: callbacks.append(request.url) if "/callback?" in request.url else None)
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="grace").click()
        page.wait_for_url("**/dashboard")
        expect(page.locator("h1")).to_contain_text("Grace Hopper")
        expect(page.get_by_test_id("unverified")).to_have_count(0)
        # The answer is good once, and in the browser that began.
        page.goto(callbacks[0])
        expect(page.get_by_test_id("notice")).to_contain_text("begun elsewhere or too long ago")
        self.picture(page, "provider-refused")
        page.goto(self.server.base + "/settings/security")
        expect(page.locator("main")).to_contain_text("grace@example.com")
        page.get_by_role("button", name="Unlink").click()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("problem")).to_contain_text("could not log in any more")
        self.log_out(page)
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="grace").click()
        page.wait_for_url("**/dashboard")

    def test_another_sites_code_is_taken_from_its_own_browser_alone(self):
        attacker, victim = self.open("/login"), self.open("/login")
        attacker.goto(self.server.base + "/login/with/oidc")
        answer = attacker.context.request.post(attacker.url, form={"sub": "grace"}, max_redirects=0)
        victim.goto(answer.headers["location"])
        expect(victim.get_by_test_id("notice")).to_contain_text("begun elsewhere")
        victim.goto(self.server.base + "/dashboard")
        victim.wait_for_url("**/login")

    def test_only_confirmed_addresses_come_from_elsewhere(self):
        page = self.open("/login")
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="mallory").click()
        expect(page.get_by_test_id("notice")).to_contain_text("Confirm your e-mail address at the other site first")
        page.goto(self.server.base + "/login")
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="Deny").click()
        expect(page.get_by_test_id("notice")).to_contain_text("did not let you in")

    def test_while_the_server_is_worked_on_nobody_new_comes_in_from_elsewhere(self):
        root, page = self.open(), self.open("/login")
        self.enter(root, ADMINISTRATOR)
        for switch, other in (("on", "off"), ("off", "on")):
            root.goto(self.server.base + "/admin/system")
            root.get_by_test_id(f"maintenance-{switch}").click()
            expect(root.get_by_test_id(f"maintenance-{other}")).to_be_visible()
            page.goto(self.server.base + "/login")
            page.get_by_text("Go on with Harbour ID").click()
            page.get_by_role("button", name="newcomer").click()
            if switch == "on":
                expect(page.locator("main")).to_contain_text("The server is being worked on")
                self.picture(page, "error-503")
        page.wait_for_url("**/dashboard")

    def test_an_account_here_is_linked_and_not_taken_over(self):
        page = self.open("/")
        self.register(page, "ada@example.com", "Ada")
        self.log_out(page)
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="ada-elsewhere").click()
        expect(page.get_by_test_id("notice")).to_contain_text("There is an account with this address already")
        self.log_in(page, "ada@example.com")
        page.wait_for_url("**/dashboard")
        page.goto(self.server.base + "/settings/security")
        page.get_by_role("link", name="Link", exact=True).click()
        page.get_by_role("button", name="ada-elsewhere").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("The account is linked.")
        self.picture(page, "settings-linked")
        self.log_out(page)
        page.get_by_text("Go on with Harbour ID").click()
        page.get_by_role("button", name="ada-elsewhere").click()
        page.wait_for_url("**/dashboard")
        expect(page.locator("h1")).to_contain_text("Ada")

    def test_an_administrator_looks_after_accounts(self):
        user = self.open("/")
        self.register(user, "sam@example.com", "Sam")
        page = self.open("/login")
        self.log_in(page, ADMINISTRATOR)
        page.wait_for_url("**/dashboard")
        for path in ("accounts", "audit", "announcements", "settings"):
            page.goto(f"{self.server.base}/admin/{path}")
            self.picture(page, f"admin-{path}")
        page.goto(self.server.base + "/admin/accounts")
        page.keyboard.press("/")
        page.keyboard.type("sam@")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Sam").click()
        self.picture(page, "admin-account")
        page.get_by_test_id("sign-in-as").click()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("impersonation")).to_contain_text("You see the panel as Sam")
        self.picture(page, "impersonation")
        page.get_by_role("button", name="Back to my own account").click()
        page.get_by_role("link", name="Sam").click()
        page.get_by_test_id("suspend").click()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("The account is suspended.")
        user.goto(self.server.base + "/dashboard")
        user.wait_for_url("**/login")
        page.goto(self.server.base + "/admin/audit?q=sam%40")
        for action in ("admin.suspended", "admin.signed_in_as"):
            expect(page.get_by_test_id("audit")).to_contain_text(action)
        self.assertEqual(self.complaints, [])

    def test_a_click_before_the_scripts_are_there_is_asked_back_too(self):
        user = self.open("/")
        self.register(user, "quick@example.com", "Quick")
        page = self.open("/login")
        self.log_in(page, ADMINISTRATOR)
        page.wait_for_url("**/dashboard")
        page.goto(self.server.base + "/admin/accounts?q=quick%40")
        account = page.get_by_role("link", name="Quick").get_attribute("href")
        late = []
        page.route("**/js/panel.js*", lambda route: late.append(route))
        page.goto(self.server.base + account, wait_until="commit")
        page.get_by_test_id("suspend").click(no_wait_after=True)
        expect(page.get_by_test_id("confirm-yes")).to_be_hidden()
        late[0].continue_()
        page.get_by_test_id("confirm-yes").click()
        expect(page.get_by_test_id("toasts")).to_contain_text("The account is suspended.")

    def test_in_indonesian_and_without_scripts(self):
        page = self.open("/register", script=False, locale="id-ID")
        expect(page.locator("h1")).to_have_text("Buat akun")
        self.fill(page, name="Siti", email="siti@example.com", password=PASSWORD)
        self.submit(page, "register-form")
        expect(page.locator("h1")).to_have_text("Periksa surel Anda")
        self.follow_mail(page, "siti@example.com")
        self.submit(page, "form")
        self.log_in(page, "siti@example.com")
        page.wait_for_url("**/dashboard")
        expect(page.locator("h1")).to_have_text("Halo, Siti")
        self.picture(page, "dashboard-id")
        page.goto(self.server.base + "/settings/security")
        self.picture(page, "settings-security-id")


if __name__ == "__main__":
    unittest.main()
