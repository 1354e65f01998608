/// Why something about an account did not come to pass.
package enum AccountsError: Error, Equatable {
    // Logging in
    case wrongCredentials
    case suspended
    case wrongCode
    /// The first step of logging in is too long ago, or its code was wrong too often.
    case challengeOver
    case tooManyAttempts(retryAfter: Duration)
    /// More passwords wait to be checked than we queue.
    case busy
    /// The request needs somebody who has just proved who it is.
    case confirmationNeeded

    // Registering
    case registrationClosed
    case emailTaken
    case invalidEmail
    case invalidName
    case weakPassword(PasswordProblem)
    case emailNotVerified

    // Links
    /// The link was used, replaced, or is too old.
    case linkOver

    // Things of an account
    case unknownAccount
    case unknownLoginSession
    case unknownKey
    case tooManyKeys(limit: Int)
    case unknownScope(String)
    case invalidExpiry
    case secondFactorOn
    case secondFactorOff
    case noPassword
    case lastWayIn
    case lastAdministrator
    case ownAccount
    case notAllowed

    // Teams
    case unknownInvitation
    case alreadyInTeam
    case otherTeam
    case ownInvitation
    case teamFull(limit: Int)

    // Other providers
    case unknownProvider
    /// The provider refused, could not be reached, or sent something that cannot be trusted.
    case providerFailed(ProviderProblem)
    case identityTaken
    case providerEmailTaken

    // Tokens
    case invalidToken
    /// A refresh token came a second time, so somebody else has it: its login has been ended.
    case tokenReused

    // Administration
    case unknownAnnouncement
    case invalidAnnouncement
    case invalidSetting(String)
    /// The configuration gives it, under that name.
    case settingFixed(String, by: String)
}

/// What went wrong with a provider, as far as it helps a person.
package enum ProviderProblem: String, Sendable, Equatable {
    case refused
    case unreachable
    /// The answer was not for this browser, came twice, or came too late.
    case stateMismatch
    case badToken
    case unverifiedEmail
}
