import Foundation
import Testing

@testable import Accounts

@Suite(.timeLimit(.minutes(5)))
struct AdministrationTests {
    @Test func theFirstAdministratorIsMadeByALinkThatWorksOnce() async throws {
        try await AccountsWorld.run { (world) async throws in
            let old = try #require(try await world.service.setUpPath())
            let path = try #require(try await world.service.setUpPath())
            let token = SecretToken(String(path.dropFirst("/setup/".count)))
            #expect(try await !world.service.isSetUpGood(SecretToken(String(old.dropFirst("/setup/".count)))))
            let (account, _) = try await world.service.setUp(
                token,
                email: "root@example.com",
                name: "Root",
                password: AccountsWorld.password,
                language: .english,
                caller: AccountsWorld.caller
            )
            #expect(account.role == .admin)
            #expect(account.isEmailVerified)
            await #expect(throws: AccountsError.linkOver) {
                _ = try await world.service.setUp(
                    token,
                    email: "eve@example.com",
                    name: "Eve",
                    password: AccountsWorld.password,
                    language: .english,
                    caller: AccountsWorld.caller
                )
            }
            #expect(try await world.service.setUpPath() == nil)
        }
    }

    @Test(arguments: ["admin", "admin123456", "password1234", "short", "root@example.com"])
    func theEnvironmentsPasswordMustBeGood(password: String) async throws {
        try await AccountsWorld.run { (world) async throws in
            await #expect(throws: AccountsError.self) {
                _ = try await world.service.provideAdministrator(email: "root@example.com", password: password)
            }
            #expect(try await world.service.setUpPath() != nil)
        }
    }

    @Test func theEnvironmentsPasswordDoesNotUndoALaterOne() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            try await world.service.changePassword(to: "seven gulls over rope", by: root)
            #expect(
                try await !world.service.provideAdministrator(
                    email: "root@example.com",
                    password: AccountsWorld.password
                )
            )
            #expect(try await world.logIn("root@example.com", password: "seven gulls over rope").account.role == .admin)
        }
    }

    @Test func suspendingLogsOutEverywhere() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let ada = try await world.register(isVerified: true)
            let (_, key) = try await world.service.makeKey(name: "k", scopes: ["bots:read"], expiresAt: nil, by: ada)
            try await world.service.setStatus(.suspended, of: ada.account.id, by: root)
            #expect(try await world.service.loginSessions(of: ada).isEmpty)
            #expect(try await world.service.viewer(bearer: key, caller: AccountsWorld.caller) == nil)
            await #expect(throws: AccountsError.suspended) { try await world.logIn() }
            try await world.service.setStatus(.active, of: ada.account.id, by: root)
            #expect(try await world.logIn().account.id == ada.account.id)
        }
    }

    @Test func oneAdministratorAlwaysStays() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            await #expect(throws: AccountsError.lastAdministrator) { try await world.service.delete(root) }
            await #expect(throws: AccountsError.ownAccount) {
                try await world.service.setRole(.user, of: root.account.id, by: root)
            }
            let other = try await world.makeAdministrator("second@example.com")
            // Both take the other's role away at once: one of them stays.
            let (service, a, b) = (world.service, root, other)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await service.setRole(.user, of: b.account.id, by: a) }
                group.addTask { try? await service.setRole(.user, of: a.account.id, by: b) }
            }
            let roles = [
                try await service.account(a.account.id).role, try await service.account(b.account.id).role,
            ]
            #expect(roles.contains(.admin))
        }
    }

    @Test func usersAdministerNobody() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            let eve = try await world.register("eve@example.com", name: "Eve")
            await #expect(throws: AccountsError.notAllowed) {
                try await world.service.setRole(.admin, of: eve.account.id, by: ada)
            }
            await #expect(throws: AccountsError.notAllowed) {
                _ = try await world.service.search(AccountSearch(), limit: 10, by: ada)
            }
            await #expect(throws: AccountsError.notAllowed) {
                _ = try await world.service.signIn(as: eve.account.id, by: ada)
            }
            await #expect(throws: AccountsError.notAllowed) {
                try await world.service.change([.registration: "false"], by: ada)
            }
        }
    }

    @Test func lookingOnIsLoggedUnderTheAdministratorsName() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let ada = try await world.register()
            let cookie = try await world.service.signIn(as: ada.account.id, by: root)
            let viewer = try await world.viewer(cookie)
            #expect(viewer.account.id == ada.account.id)
            #expect(viewer.impersonator?.id == root.account.id)
            try await world.service.changeName(to: "Changed", by: viewer)
            let line = try #require(try await world.service.audit.lines(AuditFilter(), limit: 1).first)
            #expect(line.action == "account.name_changed")
            #expect(line.actor == "root@example.com")
            #expect(line.accountID == ada.account.id)
            // What proves who somebody is cannot be done for somebody else.
            await #expect(throws: AccountsError.confirmationNeeded) {
                try await world.service.changePassword(to: "seven gulls over rope", by: viewer)
            }
            await #expect(throws: AccountsError.notAllowed) {
                _ = try await world.service.confirm(viewer, password: AccountsWorld.password)
            }
            await #expect(throws: AccountsError.confirmationNeeded) {
                _ = try await world.service.proposeSecondFactor(for: viewer)
            }
            await #expect(throws: AccountsError.notAllowed) {
                _ = try await world.service.makeKey(name: "k", scopes: ["bots:read"], expiresAt: nil, by: viewer)
            }
            let back = try await world.viewer(try await world.service.stopSigningIn(viewer))
            #expect(back.account.id == root.account.id)
            #expect(try await world.service.viewer(cookie: cookie, caller: AccountsWorld.caller) == nil)
        }
    }

    @Test func whoIsNoAdministratorAnyMoreLooksOnNoLonger() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let second = try await world.makeAdministrator("second@example.com")
            let ada = try await world.register()
            let cookie = try await world.service.signIn(as: ada.account.id, by: second)
            try await world.service.setRole(.user, of: second.account.id, by: root)
            #expect(try await world.service.viewer(cookie: cookie, caller: AccountsWorld.caller) == nil)
        }
    }

    @Test func administratorsCannotBeLookedAt() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let second = try await world.makeAdministrator("second@example.com")
            await #expect(throws: AccountsError.notAllowed) {
                _ = try await world.service.signIn(as: second.account.id, by: root)
            }
        }
    }

    @Test func registrationCanBeClosed() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            try await world.service.change([.registration: "false"], by: root)
            await #expect(throws: AccountsError.registrationClosed) { try await world.register() }
            // Whoever is invited still comes in.
            try await world.service.invite("bob@example.com", by: root)
            let mail = try #require(try await world.mail(to: "bob@example.com"))
            let (bob, _) = try await world.service.accept(
                mail.token,
                name: "Bob",
                password: AccountsWorld.password,
                language: .english,
                caller: AccountsWorld.caller
            )
            #expect(bob.role == .agent)
        }
    }

    @Test func announcementsComeAndGo() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            try await world.service.announce(
                "Maintenance tonight",
                kind: .warning,
                until: world.clock.now + .seconds(3_600),
                by: root
            )
            #expect(try await world.service.announcements().map(\.message) == ["Maintenance tonight"])
            world.clock.advance(by: .seconds(3_600))
            #expect(try await world.service.announcements().isEmpty)
            let id = try #require(try await world.service.allAnnouncements().first?.id)
            try await world.service.removeAnnouncement(id, by: root)
            await #expect(throws: AccountsError.unknownAnnouncement) {
                try await world.service.removeAnnouncement(id, by: root)
            }
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct TeamTests {
    @Test func anAgentJoinsAndLeaves() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            try await world.service.invite("bob@example.com", by: ada)
            let mail = try #require(try await world.mail(to: "bob@example.com"))
            #expect(try await world.service.invitation(mail.token)?.owner == "Ada")
            let (_, cookie) = try await world.service.accept(
                mail.token,
                name: "Bob",
                password: AccountsWorld.password,
                language: .indonesian,
                caller: AccountsWorld.caller
            )
            let bob = try await world.viewer(cookie)
            #expect(bob.account.role == .agent)
            #expect(bob.account.workspace == ada.account.id)
            #expect(bob.may(.inbox) && !bob.may(.bots) && !bob.may(.team))
            await #expect(throws: AccountsError.unknownInvitation) {
                try await world.service.accept(mail.token, by: bob)
            }
            #expect(try await world.service.team(of: ada).members.map(\.name) == ["Bob"])
            let eve = try await world.register("eve@example.com", name: "Eve", isVerified: true)
            await #expect(throws: AccountsError.unknownAccount) {
                try await world.service.remove(bob.account.id, by: eve)
            }
            try await world.service.remove(bob.account.id, by: ada)
            #expect(try await world.viewer(cookie).account.workspace == bob.account.id)
            // Invited again, with the account that is there.
            try await world.service.invite("bob@example.com", by: eve)
            let again = try #require(try await world.mail(to: "bob@example.com"))
            try await world.service.accept(again.token, by: bob)
            #expect(try await world.viewer(cookie).account.workspace == eve.account.id)
        }
    }

    @Test func invitationsAreWithdrawnAndEnd() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            let eve = try await world.register("eve@example.com", name: "Eve", isVerified: true)
            try await world.service.invite("bob@example.com", by: ada)
            let first = try #require(try await world.mail(to: "bob@example.com"))
            let id = try #require(try await world.service.team(of: ada).invitations.first?.id)
            await #expect(throws: AccountsError.unknownInvitation) { try await world.service.withdraw(id, by: eve) }
            try await world.service.withdraw(id, by: ada)
            #expect(try await world.service.invitation(first.token) == nil)
            try await world.service.invite("bob@example.com", by: ada)
            let second = try #require(try await world.mail(to: "bob@example.com"))
            world.clock.advance(by: .seconds(8 * 86_400))
            #expect(try await world.service.invitation(second.token) == nil)
            await #expect(throws: AccountsError.ownInvitation) {
                try await world.service.invite("ada@example.com", by: ada)
            }
        }
    }

    @Test func someoneElsesInvitationIsNotTaken() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            let eve = try await world.register("eve@example.com", name: "Eve", isVerified: true)
            try await world.service.invite("bob@example.com", by: ada)
            let mail = try #require(try await world.mail(to: "bob@example.com"))
            await #expect(throws: AccountsError.unknownInvitation) {
                try await world.service.accept(mail.token, by: eve)
            }
            #expect(try await world.service.invitation(mail.token) != nil)
        }
    }
}
