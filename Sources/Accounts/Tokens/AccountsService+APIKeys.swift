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
        // It would outlast the looking on.
        guard viewer.impersonator == nil else { throw AccountsError.notAllowed }
        let name = try Self.checkedName(String(name.prefix(61)))
        guard name.count <= 60 else { throw AccountsError.invalidName }
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
