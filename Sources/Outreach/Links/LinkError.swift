/// Why an address gets no short link.
package enum LinkError: Error, Equatable {
    /// What is wrong with the address that a link shall lead to.
    package enum Problem: Sendable, Equatable {
        /// Not an address of the web with a full host name.
        case notAnAddress
        case tooLong(limit: Int)
        /// A name or a password stands in it.
        case credentials
        /// It leads to a short link of this server.
        case circular
    }

    case invalidTarget(Problem)
    case limitReached(Int)
    case unknown
}
