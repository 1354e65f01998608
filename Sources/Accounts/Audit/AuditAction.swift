/// What was done, in a word that programs may match on; other targets add their own.
package struct AuditAction: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }
}

extension AuditAction {
    package static let registered = AuditAction("account.registered")
    package static let loggedIn = AuditAction("account.logged_in")
    package static let loginFailed = AuditAction("account.login_failed")
    package static let loggedOut = AuditAction("account.logged_out")
    package static let emailVerified = AuditAction("account.email_verified")
    package static let emailChanged = AuditAction("account.email_changed")
    package static let nameChanged = AuditAction("account.name_changed")
    package static let resetAsked = AuditAction("account.reset_asked")
    package static let passwordReset = AuditAction("account.password_reset")
    package static let passwordChanged = AuditAction("account.password_changed")
    package static let deleted = AuditAction("account.deleted")
    package static let exported = AuditAction("account.exported")
    package static let secondFactorOn = AuditAction("account.second_factor_on")
    package static let secondFactorOff = AuditAction("account.second_factor_off")
    package static let recoveryCodeUsed = AuditAction("account.recovery_code_used")
    package static let recoveryCodesMade = AuditAction("account.recovery_codes_made")
    package static let sessionRevoked = AuditAction("account.session_revoked")
    package static let keyMade = AuditAction("account.key_made")
    package static let keyRevoked = AuditAction("account.key_revoked")
    package static let tokenReused = AuditAction("account.token_reused")
    package static let identityLinked = AuditAction("account.identity_linked")
    package static let identityUnlinked = AuditAction("account.identity_unlinked")
    package static let invited = AuditAction("team.invited")
    package static let invitationWithdrawn = AuditAction("team.invitation_withdrawn")
    package static let joined = AuditAction("team.joined")
    package static let removedFromTeam = AuditAction("team.removed")
    package static let leftTeam = AuditAction("team.left")
    package static let setUp = AuditAction("admin.set_up")
    package static let roleChanged = AuditAction("admin.role_changed")
    package static let suspended = AuditAction("admin.suspended")
    package static let restored = AuditAction("admin.restored")
    package static let secondFactorReset = AuditAction("admin.second_factor_reset")
    package static let signedInAs = AuditAction("admin.signed_in_as")
    package static let signedOutAs = AuditAction("admin.signed_out_as")
    package static let announced = AuditAction("admin.announced")
    package static let announcementRemoved = AuditAction("admin.announcement_removed")
    package static let settingChanged = AuditAction("admin.setting_changed")
    package static let auditExported = AuditAction("admin.audit_exported")
}
