// Finding people by their addresses, for those who have been told them.
extension AccountsService {
    /// The account of an address; nil where there is none, or the text is none.
    package func account(withEmail text: String) async throws -> Account? {
        guard let email = EmailAddress(text) else { return nil }
        return try await accounts.find(email)
    }

    /// Counts one offer to an address that somebody typed: nobody goes through addresses this way.
    package func takeOffer(by viewer: Viewer) async throws {
        try await limits.take(.offer, by: viewer.account.id.description, configuration.offers)
    }

    /// The member of an account's team with that address.
    package func member(_ text: String, ofTeamOf owner: AccountID) async throws -> Account? {
        guard let account = try await account(withEmail: text), account.teamOwner == owner else { return nil }
        return account
    }
}
