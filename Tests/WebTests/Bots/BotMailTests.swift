import Database
import Foundation
import Mail
import Synchronization
import Testing

@testable import Accounts
@testable import Bots
@testable import Web

/// From what happens to a bot to the mail that its owner gets.
@Suite(.timeLimit(.minutes(5)))
struct BotMailTests {
    private final class Letters: MailTransport {
        private let taken = Mutex<[MailMessage]>([])

        var all: [MailMessage] { taken.withLock { $0 } }

        func send(_ message: MailMessage) async throws(MailError) {
            taken.withLock { $0.append(message) }
        }
    }

    @Test func noticesReachTheirOwnersInTheirLanguage() async throws {
        try await withPanelSite { site, accounts in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            let id = try await ada.deploy("Harbour helper")
            let other = try await eve.deploy("Elsewhere")
            // Ada reads Indonesian and has proved her address, which Eve has not.
            try await accounts.database.execute(
                "UPDATE accounts SET language = 'id', email_verified_at = now() WHERE email = 'ada@example.com'"
            )
            let root = try await site.administrator(accounts)
            for bot in [id, other] {
                let form = ["action": "approve", "months": "3", "bot": try await root.chosen(bot)]
                #expect(try await root.post("/admin/bots", form, from: "/admin/bots").status == 303)
            }
            let letters = Letters()
            let mail = try BotMail(share: ShareFolder(path: sharePath), accounts: accounts, transport: letters)
            let service = HostingService(
                hosting: try makeBots(accounts.database).hosting,
                mail: mail,
                logger: silence
            )
            try await service.check()
            try await service.check()
            let letter = try #require(letters.all.first)
            #expect(letters.all.count == 1)
            #expect(letter.recipient == "ada@example.com")
            #expect(letter.subject == "Harbour helper disetujui untuk 3 bulan dan mulai berjalan.")
            #expect(letter.body.contains("http://127.0.0.1:8080/bots/\(id)"))
        }
    }
}
