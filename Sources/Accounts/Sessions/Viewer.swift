package import Foundation

/// Whoever sent a request and has shown who it is.
package struct Viewer: Sendable {
    /// By what it was shown.
    package enum Credential: Sendable, Equatable {
        case browser(LoginSessionID)
        case accessToken(APILoginID)
        case key(APIKeyID, scopes: Set<APIScope>)
    }

    package let account: Account
    package let credential: Credential
    /// The administrator behind the screen, when that is somebody else.
    package let impersonator: Account?
    /// When the person last proved who it is.
    package let confirmedAt: Date
    package let caller: Caller

    package init(
        account: Account,
        credential: Credential,
        impersonator: Account? = nil,
        confirmedAt: Date,
        caller: Caller
    ) {
        self.account = account
        self.credential = credential
        self.impersonator = impersonator
        self.confirmedAt = confirmedAt
        self.caller = caller
    }

    package func may(_ permission: Permission) -> Bool {
        account.role.may(permission)
    }

    /// Whether a program may do this; a key has no more than its scopes, a token and a browser what their account has.
    package func may(_ scope: APIScope) -> Bool {
        guard may(scope.permission) else { return false }
        return switch credential {
        case .browser, .accessToken: true
        case .key(_, let scopes): scopes.contains(scope)
        }
    }
}
