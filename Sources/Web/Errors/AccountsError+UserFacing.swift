package import Accounts
internal import Fleet
package import HTTPTypes

extension AccountsError: UserFacingError {
    package var code: String {
        switch self {
        case .wrongCredentials: "account.wrong_credentials"
        case .suspended: "account.suspended"
        case .wrongCode: "account.wrong_code"
        case .challengeOver: "account.challenge_over"
        case .tooManyAttempts: "account.too_many_attempts"
        case .busy: "account.busy"
        case .confirmationNeeded: "account.confirmation_needed"
        case .registrationClosed: "account.registration_closed"
        case .emailTaken: "account.email_taken"
        case .invalidEmail: "account.invalid_email"
        case .invalidName: "account.invalid_name"
        case .weakPassword(.tooShort): "account.password_too_short"
        case .weakPassword(.tooLong): "account.password_too_long"
        case .weakPassword(.common): "account.password_common"
        case .weakPassword(.likeAccount): "account.password_like_account"
        case .weakPassword(.monotonous): "account.password_monotonous"
        case .emailNotVerified: "account.email_not_verified"
        case .linkOver: "account.link_over"
        case .unknownAccount: "account.unknown"
        case .unknownLoginSession: "account.unknown_device"
        case .unknownKey: "account.unknown_key"
        case .tooManyKeys: "account.too_many_keys"
        case .unknownScope: "account.unknown_scope"
        case .invalidExpiry: "account.invalid_expiry"
        case .secondFactorOn: "account.second_factor_on"
        case .secondFactorOff: "account.second_factor_off"
        case .noPassword: "account.no_password"
        case .lastWayIn: "account.last_way_in"
        case .lastAdministrator: "account.last_administrator"
        case .ownAccount: "account.own_account"
        case .notAllowed: "account.not_allowed"
        case .unknownInvitation: "team.unknown_invitation"
        case .alreadyInTeam: "team.already_member"
        case .otherTeam: "team.other_team"
        case .ownInvitation: "team.own_invitation"
        case .teamFull: "team.full"
        case .unknownProvider: "provider.unknown"
        case .providerFailed(.refused): "provider.refused"
        case .providerFailed(.unreachable): "provider.unreachable"
        case .providerFailed(.stateMismatch): "provider.state_mismatch"
        case .providerFailed(.badToken): "provider.bad_token"
        case .providerFailed(.unverifiedEmail): "provider.unverified_email"
        case .identityTaken: "provider.identity_taken"
        case .providerEmailTaken: "provider.email_taken"
        case .invalidToken: "token.invalid"
        case .tokenReused: "token.reused"
        case .unknownAnnouncement: "admin.unknown_announcement"
        case .invalidAnnouncement: "admin.invalid_announcement"
        case .invalidSetting: "admin.invalid_setting"
        case .settingFixed: "admin.setting_fixed"
        }
    }

    package var message: String {
        switch self {
        case .wrongCredentials:
            "The e-mail address or the password is wrong. A new account opens once the link in its mail was followed."
        case .suspended: "This account is suspended: ask an administrator."
        case .wrongCode: "That code is wrong or was used already: type the one that is shown now."
        case .challengeOver: "That took too long or went wrong too often: log in again."
        case .tooManyAttempts(let wait): "Those were too many attempts: try again in \(wait.words)."
        case .busy: "Too many people log in at this moment: try again in a few seconds."
        case .confirmationNeeded: "Type your password once more to do this."
        case .registrationClosed: "New accounts are made by an administrator here."
        case .emailTaken: "There is an account with this address already: log in, or have its password reset."
        case .invalidEmail: "Type an e-mail address such as name@example.com."
        case .invalidName: "Type a name of at most 80 characters."
        case .weakPassword(.tooShort): "Take at least \(PasswordRules.minimum) characters; a short sentence is best."
        case .weakPassword(.tooLong): "Take at most \(PasswordRules.maximum) characters."
        case .weakPassword(.common): "This password is among the first that are tried: take another."
        case .weakPassword(.likeAccount): "This password is too much like your name or address: take another."
        case .weakPassword(.monotonous): "This password repeats a few characters only: take another."
        case .emailNotVerified: "Confirm your e-mail address first: follow the link in the mail that we sent."
        case .linkOver: "This link was used already or is too old: ask for a new one."
        case .unknownAccount: "There is no such account."
        case .unknownLoginSession: "This device is logged out already."
        case .unknownKey: "There is no such key."
        case .tooManyKeys(let limit): "An account has at most \(limit) keys: revoke one first."
        case .unknownScope(let scope): "There is no scope “\(scope.prefix(40))”."
        case .invalidExpiry: "Let the key end between tomorrow and ten years from now, or never."
        case .secondFactorOn: "The second factor is on already."
        case .secondFactorOff: "The second factor is off."
        case .noPassword: "This account has no password yet: set one first."
        case .lastWayIn: "Without this you could not log in any more: set a password first."
        case .lastAdministrator: "This is the only administrator: make another one first."
        case .ownAccount: "Not with your own account."
        case .notAllowed: "Your account may not do this."
        case .unknownInvitation: "This invitation was withdrawn, used, or is too old."
        case .alreadyInTeam: "This person is in the team already."
        case .otherTeam: "This account has bots or a team of its own, or helps another team."
        case .ownInvitation: "You cannot invite yourself."
        case .teamFull(let limit): "A team has at most \(limit) agents."
        case .unknownProvider: "This way to log in is not offered here."
        case .providerFailed(.refused): "The other site did not let you in, or you said no there."
        case .providerFailed(.unreachable): "The other site does not answer: try again, or log in with a password."
        case .providerFailed(.stateMismatch): "This login was begun elsewhere or too long ago: begin again."
        case .providerFailed(.badToken): "The other site's answer could not be trusted: begin again."
        case .providerFailed(.unverifiedEmail): "Confirm your e-mail address at the other site first."
        case .identityTaken: "That account is linked with another one here."
        case .providerEmailTaken:
            "There is an account with this address already: log in with its password and link the other site in the settings."
        case .invalidToken: "The token is wrong or too old: log in again."
        case .tokenReused: "This refresh token was used before, so its login was ended: log in again."
        case .unknownAnnouncement: "There is no such announcement."
        case .invalidAnnouncement: "Write at most 500 characters, and let it end after it begins."
        case .invalidSetting(let name): "The value of \(name) does not fit."
        case .settingFixed(let name, let variable): "\(name) is given by \(variable): change it there."
        }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .wrongCredentials, .challengeOver, .wrongCode, .invalidToken, .tokenReused: .unauthorized
        case .suspended, .registrationClosed, .emailNotVerified, .confirmationNeeded, .notAllowed: .forbidden
        case .tooManyAttempts: .tooManyRequests
        case .busy: .serviceUnavailable
        case .emailTaken, .tooManyKeys, .secondFactorOn, .secondFactorOff, .noPassword, .lastWayIn, .lastAdministrator,
            .ownAccount, .alreadyInTeam, .otherTeam, .ownInvitation, .teamFull, .identityTaken, .providerEmailTaken,
            .settingFixed:
            .conflict
        case .invalidEmail, .invalidName, .weakPassword, .unknownScope, .invalidExpiry, .invalidAnnouncement,
            .invalidSetting:
            .unprocessableContent
        case .linkOver: .gone
        case .unknownAccount, .unknownLoginSession, .unknownKey, .unknownInvitation, .unknownProvider,
            .unknownAnnouncement:
            .notFound
        case .providerFailed(.unreachable): .badGateway
        case .providerFailed: .badRequest
        }
    }

    package var field: String? {
        switch self {
        case .emailTaken, .invalidEmail: "email"
        case .invalidName: "name"
        case .weakPassword: "password"
        case .wrongCode: "code"
        case .unknownScope: "scopes"
        case .invalidExpiry: "expiresAt"
        case .alreadyInTeam, .otherTeam, .ownInvitation: "email"
        case .invalidAnnouncement: "message"
        case .invalidSetting(let name), .settingFixed(let name, _): name
        default: nil
        }
    }

    package var retryAfter: Duration? {
        switch self {
        case .tooManyAttempts(let wait): wait
        case .busy: .seconds(3)
        default: nil
        }
    }
}

extension Duration {
    /// In words, rounded up.
    fileprivate var words: String {
        let seconds = wholeSecondsUp
        if seconds < 100 { return seconds == 1 ? "1 second" : "\(seconds) seconds" }
        return "\((seconds + 59) / 60) minutes"
    }
}
