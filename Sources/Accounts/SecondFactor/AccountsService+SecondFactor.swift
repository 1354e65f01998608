internal import Crypto
internal import Database
internal import Foundation
internal import Logging

/// A key for an authenticator, shown once while the second factor is set up.
package struct ProposedSecondFactor: Sendable {
    /// In base 32, for typing.
    package let secret: String
    /// For a QR code.
    package let address: String
}

extension AccountsService {
    private static let issuer = "Wharf"
    private static let challengeTries = 5

    /// Makes a key for an authenticator; nothing asks for codes before one was typed back.
    package func proposeSecondFactor(for viewer: Viewer) async throws -> ProposedSecondFactor {
        try requireConfirmation(viewer)
        let secret = SecretToken.randomBytes(TOTP.secretLength)
        let sealed = try seal(secret, of: viewer.account.id)
        guard try await secondFactors.propose(sealed, for: viewer.account.id) else {
            throw AccountsError.secondFactorOn
        }
        return proposal(secret, viewer.account)
    }

    /// The key that was made before and waits for its first code, if there is one.
    package func proposedSecondFactor(of viewer: Viewer) async throws -> ProposedSecondFactor? {
        guard viewer.impersonator == nil, !viewer.account.hasSecondFactor,
            let found = try await secondFactors.find(viewer.account.id)
        else { return nil }
        return proposal(try open(found.secret, of: viewer.account.id), viewer.account)
    }

    /// Switches the second factor on with the first code, and returns recovery codes, which are shown this once.
    package func enableSecondFactor(code: String, by viewer: Viewer) async throws -> [String] {
        try requireConfirmation(viewer)
        let account = viewer.account
        try await limits.take(.code, by: account.id.description, loginLimit())
        guard !account.hasSecondFactor, let found = try await secondFactors.find(account.id) else {
            throw AccountsError.secondFactorOn
        }
        let secret = try open(found.secret, of: account.id)
        guard let step = TOTP.step(of: Self.digits(code), secret: secret, at: now(), after: found.step) else {
            throw AccountsError.wrongCode
        }
        let codes = Self.freshRecoveryCodes()
        try await database.withTransaction { transaction in
            guard try await secondFactors.use(step, of: account.id, on: transaction) else {
                throw AccountsError.wrongCode
            }
            guard try await secondFactors.enable(account.id, at: now(), on: transaction) else {
                throw AccountsError.secondFactorOn
            }
            try await secondFactors.replaceRecoveryCodes(codes.map(Self.hash), of: account.id, on: transaction)
            try await audit.record(.secondFactorOn, by: viewer, on: transaction)
        }
        return codes
    }

    package func disableSecondFactor(by viewer: Viewer) async throws {
        try requireConfirmation(viewer)
        try await database.withTransaction { transaction in
            guard try await secondFactors.disable(viewer.account.id, on: transaction) else {
                throw AccountsError.secondFactorOff
            }
            try await audit.record(.secondFactorOff, by: viewer, on: transaction)
        }
    }

    /// New recovery codes; the old ones are void.
    package func renewRecoveryCodes(by viewer: Viewer) async throws -> [String] {
        try requireConfirmation(viewer)
        guard viewer.account.hasSecondFactor else { throw AccountsError.secondFactorOff }
        let codes = Self.freshRecoveryCodes()
        try await database.withTransaction { transaction in
            try await secondFactors.replaceRecoveryCodes(codes.map(Self.hash), of: viewer.account.id, on: transaction)
            try await audit.record(.recoveryCodesMade, by: viewer, on: transaction)
        }
        return codes
    }

    package func recoveryCodesLeft(of viewer: Viewer) async throws -> Int {
        try await secondFactors.recoveryCodesLeft(of: viewer.account.id)
    }

    /// Notes that a password was right, for the step that asks for a code.
    func beginChallenge(for account: Account, passwordHash: String? = nil) async throws -> SecretToken {
        let challenge = SecretToken.random()
        try await database.withTransaction { transaction in
            try await requireUnchanged(account, passwordHash: passwordHash, on: transaction)
            try await secondFactors.addChallenge(
                challenge.hash,
                for: account.id,
                until: now() + .seconds(600),
                on: transaction
            )
        }
        return challenge
    }

    /// The second step of logging in.
    package func logIn(
        challenge: SecretToken,
        code: String,
        caller: Caller
    ) async throws -> (account: Account, cookie: SecretToken) {
        let id = try await secondFactors.tryChallenge(challenge.hash, at: now(), limit: Self.challengeTries)
        guard let id, let account = try await accounts.find(id), account.status == .active else {
            throw AccountsError.challengeOver
        }
        try await checkCode(code, of: account, caller: caller)
        let cookie = SecretToken.random()
        try await database.withTransaction { transaction in
            try await requireUnchanged(account, on: transaction)
            // Whoever sends it twice gets in once.
            guard try await secondFactors.endChallenge(challenge.hash, on: transaction) else {
                throw AccountsError.challengeOver
            }
            try await audit.record(.loggedIn, actor: account, account: account.id, caller: caller, on: transaction)
            try await begin(cookie, of: account, caller: caller, on: transaction)
        }
        return (account, cookie)
    }

    /// Uses up a code of the authenticator, or a recovery code, or throws ``AccountsError/wrongCode``.
    func checkCode(_ code: String, of account: Account, caller: Caller) async throws {
        try await limits.take(.code, by: account.id.description, loginLimit())
        let isRight: Bool
        let digits = Self.digits(code)
        if digits.count == 6 {
            let secret = try await secondFactorSecret(of: account.id)
            // Whether it was used before is the database's word, which is the same for all who ask at once.
            if let step = TOTP.step(of: digits, secret: secret, at: now(), after: 0) {
                isRight = try await secondFactors.use(step, of: account.id, on: database)
            } else {
                isRight = false
            }
        } else {
            isRight = try await secondFactors.useRecoveryCode(
                Self.hash(code),
                of: account.id,
                at: now(),
                on: database
            )
            if isRight {
                try await audit.record(.recoveryCodeUsed, actor: account, account: account.id, caller: caller)
            }
        }
        guard isRight else {
            try await audit.record(.loginFailed, actor: nil, account: account.id, subject: "code", caller: caller)
            throw AccountsError.wrongCode
        }
        try await limits.forget(.code, by: account.id.description)
    }

    /// The key that the account's authenticator has.
    func secondFactorSecret(of account: AccountID) async throws -> [UInt8] {
        guard let found = try await secondFactors.find(account) else { throw AccountsError.secondFactorOff }
        return try open(found.secret, of: account)
    }

    /// Ten codes of 50 bits, `abcde-fghij`.
    private static func freshRecoveryCodes() -> [String] {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        var random = SystemRandomNumberGenerator()
        return (0..<10).map { _ in
            let code = (0..<10).compactMap { _ in letters.randomElement(using: &random) }
            return String(code.prefix(5)) + "-" + String(code.suffix(5))
        }
    }

    private static func hash(_ code: String) -> [UInt8] {
        SecretToken(code.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }).hash
    }

    private static func digits(_ code: String) -> String {
        let plain = code.filter { !$0.isWhitespace && $0 != "-" }
        return plain.allSatisfy { $0.isASCII && $0.isNumber } ? plain : ""
    }

    private func proposal(_ secret: [UInt8], _ account: Account) -> ProposedSecondFactor {
        ProposedSecondFactor(
            secret: TOTP.base32(secret),
            address: TOTP.address(secret: secret, account: account.email, issuer: Self.issuer)
        )
    }

    /// Encrypted for one account: in another's row it cannot be opened.
    private func seal(_ secret: [UInt8], of account: AccountID) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            secret,
            using: keys.secondFactors,
            authenticating: Array(account.description.utf8)
        )
        // Always there with the nonce of the standard length.
        return Array(box.combined ?? Data())
    }

    private func open(_ sealed: [UInt8], of account: AccountID) throws -> [UInt8] {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let name = Array(account.description.utf8)
        for former in keys.formerSecondFactors {
            if let secret = try? AES.GCM.open(box, using: former, authenticating: name) { return Array(secret) }
        }
        return Array(try AES.GCM.open(box, using: keys.secondFactors, authenticating: name))
    }

    /// Seals every key of an authenticator with the present key that a former one sealed; one that none opens stays.
    func renewSeals() async throws {
        guard !keys.formerSecondFactors.isEmpty else { return }
        for (account, sealed) in try await secondFactors.sealed() {
            let name = Array(account.description.utf8)
            guard let box = try? AES.GCM.SealedBox(combined: sealed),
                (try? AES.GCM.open(box, using: keys.secondFactors, authenticating: name)) == nil
            else { continue }
            guard let secret = try? open(sealed, of: account) else {
                logger.error(
                    "A second factor was sealed with a key that is gone",
                    metadata: ["account.id": "\(account)"]
                )
                continue
            }
            try await secondFactors.reseal(account, from: sealed, to: seal(secret, of: account))
        }
    }
}
