internal import Database
package import Foundation

extension AccountsService {
    private static let keyMark = "wharf_"

    package func apiKeys(of viewer: Viewer) async throws -> [APIKey] {
        try await apiKeys.all(of: viewer.account.id)
    }

    /// Makes a key with no more scopes than its account may use; the text is shown this once.
    package func makeKey(
        name: String,
        scopes: Set<String>,
        expiresAt: Date?,
        by viewer: Viewer
    ) async throws -> (key: APIKey, text: SecretToken) {
        // A key outlives a look from outside and a browser that was left open.
        guard viewer.impersonator == nil else { throw AccountsError.notAllowed }
        if case .browser = viewer.credential { try requireConfirmation(viewer) }
        guard try await isReady(viewer, for: .bots) else { throw AccountsError.emailNotVerified }
        let name = try Self.checkedName(String(name.prefix(61)))
        guard name.unicodeScalars.count <= 60 else { throw AccountsError.invalidName }
        var wanted: Set<APIScope> = []
        for scope in scopes.sorted() {
            // A key makes no key that may do more than itself.
            guard let known = APIScope(rawValue: scope), viewer.may(known) else {
                throw AccountsError.unknownScope(scope)
            }
            wanted.insert(known)
        }
        guard !wanted.isEmpty else { throw AccountsError.unknownScope("") }
        let now = now()
        if let expiresAt {
            let ahead = expiresAt.timeIntervalSince(now)
            guard ahead >= 0, ahead <= 3_660 * 86_400 else { throw AccountsError.invalidExpiry }
        }
        let expiresAt = try await end(of: viewer.credential, viewer.account.id, orEarlier: expiresAt)
        let text = SecretToken(Self.keyMark + SecretToken.random().text)
        let key = APIKey(
            id: APIKeyID(),
            name: name,
            prefix: String(text.text.prefix(Self.keyMark.count + 6)),
            scopes: wanted,
            createdAt: now,
            expiresAt: expiresAt,
            lastUsedAt: nil,
            lastAddress: nil
        )
        try await database.withTransaction { transaction in
            let isIn = try await apiKeys.insert(
                key,
                hash: text.hash,
                of: viewer.account.id,
                limit: configuration.keysPerAccount,
                on: transaction
            )
            guard isIn else { throw AccountsError.tooManyKeys(limit: configuration.keysPerAccount) }
            try await audit.record(
                .keyMade,
                by: viewer,
                subject: name,
                after: ["prefix": key.prefix, "scopes": wanted.map(\.rawValue).sorted().joined(separator: " ")],
                on: transaction
            )
        }
        return (key, text)
    }

    /// When a new key ends: one that a key makes ends with its maker at the latest.
    private func end(
        of credential: Viewer.Credential,
        _ account: AccountID,
        orEarlier wanted: Date?
    ) async throws -> Date? {
        guard case .key(let id, _) = credential else { return wanted }
        guard let maker = try await apiKeys.all(of: account).first(where: { $0.id == id }) else {
            throw AccountsError.unknownKey
        }
        guard let end = maker.expiresAt else { return wanted }
        return min(wanted ?? end, end)
    }

    package func revokeKey(_ id: APIKeyID, by viewer: Viewer) async throws {
        try await database.withTransaction { transaction in
            guard let key = try await apiKeys.delete(id, of: viewer.account.id, on: transaction) else {
                throw AccountsError.unknownKey
            }
            try await audit.record(
                .keyRevoked,
                by: viewer,
                subject: key.name,
                before: ["prefix": key.prefix],
                on: transaction
            )
        }
    }

    /// Whoever is behind an API key or an access token, if it is good.
    package func viewer(bearer: SecretToken, caller: Caller) async throws -> Viewer? {
        let now = now()
        guard bearer.text.hasPrefix(Self.keyMark) else { return try await viewer(accessToken: bearer, caller: caller) }
        guard let (key, account) = try await apiKeys.find(hash: bearer.hash, at: now) else { return nil }
        if key.lastUsedAt.map({ abs(now.timeIntervalSince($0)) > 60 }) ?? true {
            try await apiKeys.touch(key.id, at: now, from: caller.address)
        }
        return Viewer(
            account: account,
            credential: .key(key.id, scopes: key.scopes),
            confirmedAt: .distantPast,
            caller: caller
        )
    }
}
