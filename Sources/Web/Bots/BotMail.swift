package import Accounts
package import Bots
internal import Fleet
internal import Foundation
package import Mail

/// Tells the owners of bots by mail what their dashboards say, each in the own language.
package struct BotMail: HostingMail {
    private let accounts: AccountsService
    private let translations: Translations
    private let transport: any MailTransport

    package init(share: ShareFolder, accounts: AccountsService, transport: any MailTransport) throws {
        self.accounts = accounts
        self.transport = transport
        translations = try Translations(share: share)
    }

    package func send(_ notice: BotNotice) async throws {
        let account: Account
        do {
            account = try await accounts.account(notice.account)
        } catch AccountsError.unknownAccount {
            return
        }
        // An address that nobody has proved may be a stranger's.
        guard account.isEmailVerified else { return }
        let strings = translations[account.language ?? .english]
        let text = BotWords(strings: strings, now: Date()).notice(notice).text
        let address = accounts.configuration.address
        let link = notice.bot.map { "\(address)/bots/\($0)" } ?? "\(address)/dashboard"
        let body = "\(text)\n\n\(link)\n"
        try await transport.send(MailMessage(to: account.email.text, subject: text, body: body))
    }
}
