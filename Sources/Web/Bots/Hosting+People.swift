internal import Accounts
internal import Bots
internal import Outreach

// Where a person types an address, and the bots know accounts.
extension Hosting {
    /// Offers a bot to whoever has the address.
    ///
    /// Whether it has an account is not told: whoever has it finds the offer on the dashboard.
    func offer(_ id: BotID, to text: String, among people: AccountsService, by caller: BotCaller) async throws {
        let (bot, access) = try await find(id, for: caller)
        guard access == .own else { throw HostingError.notAllowed }
        guard let email = EmailAddress(text) else { throw HostingError.invalidRecipient }
        if let viewer = caller.viewer { try await people.takeOffer(by: viewer) }
        let other = try await people.account(withEmail: text)
        guard bot.account == nil || other?.id != bot.account else { throw HostingError.invalidRecipient }
        // Agents have no bots of their own.
        let taker = other?.role == .agent ? nil : other?.id
        try await offer(id, to: email, of: taker, by: caller)
    }

    /// Shares a bot with the member of its owner's team that has the address.
    func share(
        _ id: BotID,
        with text: String,
        among people: AccountsService,
        mayOperate: Bool,
        by caller: BotCaller
    ) async throws {
        let (bot, access) = try await find(id, for: caller)
        guard access == .own else { throw HostingError.notAllowed }
        guard let owner = bot.account, let member = try await people.member(text, ofTeamOf: owner) else {
            throw HostingError.notInTeam
        }
        try await share(id, with: member.id, mayOperate: mayOperate, by: caller)
    }
}

extension AccountsService {
    /// Everything that is kept about an account, its bots and its links, as one JSON document.
    func export(_ viewer: Viewer, withBotsOf hosting: Hosting?, _ links: ShortLinks?) async throws -> [UInt8] {
        let bots = try await hosting?.export(of: viewer.account.id)
        let own = try await links?.all(of: viewer.account.id).map { link in
            ShownLink(link, at: links?.address(of: link.slug) ?? "")
        }
        return try await export(viewer, bots: bots ?? [], links: own ?? [])
    }
}
