package import Accounts

/// Makes short addresses, which belong to the accounts whose bots were asked for them.
package protocol LinkShortener: Sendable {
    /// The short address of an account's link to `target`.
    ///
    /// Throws ``LinkRefusal``, or whatever keeps it from working.
    func shorten(_ target: String, for account: AccountID) async throws -> String
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
