package import Database
internal import Mail

/// What a mail is about; its texts go by that name.
///
/// Other targets add their own.
package struct MailKind: Hashable, Sendable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }
}

extension MailKind {
    /// Values: name, link.
    package static let verifyEmail = MailKind("verify")
    /// Values: name, link.
    package static let resetPassword = MailKind("reset")
    /// Values: name.
    package static let passwordChanged = MailKind("password_changed")
    /// Values: name, email (the new one).
    package static let emailChanged = MailKind("email_changed")
    /// Somebody wanted to have an address that has an account.
    ///
    /// Values: name, link (to reset the password).
    package static let addressKnown = MailKind("address_known")
    /// Values: owner, link.
    package static let invitation = MailKind("invitation")
}

/// Writes a mail of that kind in that language.
package typealias MailComposer = @Sendable (MailKind, [String: String], Language) -> (subject: String, body: String)

extension AccountsService {
    /// Puts a mail to an account down; `outbox.hurry()` sends it once the transaction is through.
    package func mail(
        _ kind: MailKind,
        to account: Account,
        _ values: [String: String] = [:],
        on runner: any StatementRunner
    ) async throws {
        let values = ["name": account.name].merging(values) { $1 }
        try await mail(kind, to: account.email, language: account.language ?? .english, values, on: runner)
    }

    func mail(
        _ kind: MailKind,
        to address: EmailAddress,
        language: Language,
        _ values: [String: String],
        on runner: any StatementRunner
    ) async throws {
        let (subject, body) = compose(kind, values, language)
        try await outbox.add(MailMessage(to: address.text, subject: subject, body: body), on: runner)
    }
}
