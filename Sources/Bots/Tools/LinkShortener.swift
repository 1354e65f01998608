package import Accounts

/// Makes short addresses, which belong to the accounts whose bots were asked for them.
package protocol LinkShortener: Sendable {
    /// The short address of an account's link to `target`.
    ///
    /// `share` is how much of the account's room may be full afterwards, 1 for all of it. Throws ``LinkRefusal``, or whatever keeps it from working.
    func shorten(_ target: String, for account: AccountID, share: Double) async throws -> String
}

/// Why an address gets no short one.
package enum LinkRefusal: Error, Equatable {
    case notAnAddress
    /// It has more bytes than that.
    case tooLong(limit: Int)
    case credentials
    /// It leads to a short link of this server.
    case circular
    /// The account has that many already.
    case limitReached(Int)
}
