import Testing

@testable import Accounts

struct EmailAddressTests {
    @Test(arguments: [
        ("ada@example.com", "ada@example.com"), ("  Ada.L@Example.COM ", "ada.l@example.com"),
        ("a+b@sub.example.co.id", "a+b@sub.example.co.id"),
    ])
    func addressesAreReadInOneForm(input: String, text: String) {
        #expect(EmailAddress(input)?.text == text)
    }

    @Test(arguments: [
        "", "@", "ada", "ada@", "@example.com", "ada@localhost", "ada@@example.com", "a da@example.com",
        "ada@example..com",
        ".ada@example.com", "ada.@example.com", "a..da@example.com", "ada@-example.com",
        "ada@example.com\r\nBcc: x@y.z",
        "ada@exämple.com", "\"ada\"@example.com", "ada@[127.0.0.1]", "ada@example.com>",
        "ada@example.com,eve@example.com",
    ])
    func everythingElseIsRefused(input: String) {
        #expect(EmailAddress(input) == nil)
    }

    @Test func longAddressesAreRefused() {
        #expect(EmailAddress("\(String(repeating: "a", count: 65))@example.com") == nil)
        #expect(EmailAddress("a@\(String(repeating: "b.", count: 126))com") == nil)
    }
}

struct RoleTests {
    @Test func administratorsMayEverything() {
        #expect(Role.admin.permissions == Set(Permission.allCases))
    }

    @Test func usersAdministerNothing() {
        for permission in [Permission.administerAccounts, .administerBots, .readAudit, .seeSystem, .changeSettings] {
            #expect(!Role.user.may(permission))
            #expect(!Role.agent.may(permission))
        }
    }

    @Test func agentsHaveTheInboxAlone() {
        #expect(Role.agent.permissions == [.ownAccount, .inbox])
    }
}
