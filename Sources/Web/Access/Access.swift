internal import Accounts

/// The rule of a route: who may use it.
///
/// Every route declares one; there is none by default.
enum Access: Sendable, Equatable {
    /// Anybody. The handler checks for itself what a form or a call may do.
    case open
    /// Anybody; whoever is logged in is known to the handler.
    case visitors
    /// Whoever is logged in.
    case signedIn
    /// Accounts whose role has the permission.
    case may(Permission)
    /// Calls of the API: by a key, an access token, or the cookie of our own page, that reach so far.
    case api(APIScope)
}
