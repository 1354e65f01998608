/// How accounts are kept and guarded.
package struct AccountsConfiguration: Sendable {
    /// What holds until an administrator changes it.
    package var settings = PanelSettings()
    /// What no administrator changes, because the configuration says it.
    package var fixedSettings: Set<PanelSettings.Key> = []
    /// Where people reach us, for the links in mails: `https://wharf.example`.
    package var address = "http://127.0.0.1:8080"
    /// The ways in besides passwords.
    package var providers: [Provider] = []
    /// When a request for a reset is answered, whether there is such an account or not.
    package var resetAnswerTime: Duration = .milliseconds(250)
    /// How long a browser stays logged in after it was last seen, and in all.
    package var browserIdle: Duration = .seconds(30 * 86_400)
    package var browserLifetime: Duration = .seconds(90 * 86_400)
    /// How long a proof of who somebody is lasts for sensitive changes.
    package var confirmationLifetime: Duration = .seconds(15 * 60)
    package var accessTokenLifetime: Duration = .seconds(15 * 60)
    package var refreshLifetime: Duration = .seconds(30 * 86_400)
    package var verificationLifetime: Duration = .seconds(2 * 86_400)
    package var resetLifetime: Duration = .seconds(3_600)
    package var invitationLifetime: Duration = .seconds(7 * 86_400)
    package var logins = AttemptLimit(count: 5, window: .seconds(60))
    /// Of one address, right or wrong; no fewer than `logins` at any rate.
    package var loginsInAll = AttemptLimit(count: 30, window: .seconds(60))
    package var browsersPerAccount = 50
    /// Programs that are logged in with a password.
    package var programsPerAccount = 50
    package var resets = AttemptLimit(count: 5, window: .seconds(60))
    /// Mails to one address that others can cause.
    package var unaskedMails = AttemptLimit(count: 3, window: .seconds(600))
    package var offers = AttemptLimit(count: 10, window: .seconds(3_600))
    package var registrations = AttemptLimit(count: 10, window: .seconds(3_600))
    package var keysPerAccount = 50
    package var membersPerTeam = 50

    package init() {}
}
