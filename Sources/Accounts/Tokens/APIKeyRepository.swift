internal import Database
internal import Foundation

/// API keys.
struct APIKeyRepository: Sendable {
    let database: Database

    private static var columns: SQL {
        "id, name, prefix, scopes, created_at, expires_at, last_used_at, last_address"
    }

    func insert(
        _ key: APIKey,
        hash: [UInt8],
        of account: AccountID,
        limit: Int,
        on runner: any StatementRunner
    ) async throws -> Bool {
        try await runner.execute(
            """
            INSERT INTO api_keys (id, account_id, name, prefix, key_hash, scopes, created_at, expires_at)
            SELECT \(key.id), \(account), \(key.name), \(key.prefix), \(hash), \(key.scopes.map(\.rawValue).sorted()),
                \(key.createdAt), \(key.expiresAt)
            WHERE (SELECT count(*) FROM api_keys WHERE account_id = \(account)) < \(limit)
            """
        ) == 1
    }

    func all(of account: AccountID) async throws -> [APIKey] {
        try await database.query(
            "SELECT \(Self.columns) FROM api_keys WHERE account_id = \(account) ORDER BY created_at DESC, id"
        ).map(Self.key)
    }

    /// Removes a key and returns it; nil when the account has no such key.
    func delete(_ id: APIKeyID, of account: AccountID, on runner: any StatementRunner) async throws -> APIKey? {
        try await runner.queryOne(
            "DELETE FROM api_keys WHERE id = \(id) AND account_id = \(account) RETURNING \(Self.columns)"
        ).map(Self.key)
    }

    func deleteAll(of account: AccountID, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM api_keys WHERE account_id = \(account)")
    }

    /// The key and its account, if both are good.
    func find(hash: [UInt8], at now: Date) async throws -> (key: APIKey, account: Account)? {
        let row = try await database.queryOne(
            """
            SELECT api_keys.id AS key_id, api_keys.account_id FROM api_keys
            JOIN accounts ON accounts.id = api_keys.account_id
            WHERE api_keys.key_hash = \(hash) AND accounts.status = 'active'
                AND (api_keys.expires_at IS NULL OR api_keys.expires_at > \(now))
            """
        )
        guard let row else { return nil }
        let (id, account): (APIKeyID, AccountID) = (try row.decode("key_id"), try row.decode("account_id"))
        guard
            let key = try await database.queryOne(
                "SELECT \(Self.columns) FROM api_keys WHERE id = \(id) AND account_id = \(account)"
            ).map(Self.key),
            let owner = try await AccountRepository(database: database).find(account)
        else { return nil }
        return (key, owner)
    }

    func touch(_ id: APIKeyID, at now: Date, from address: String) async throws {
        try await database.execute(
            "UPDATE api_keys SET last_used_at = \(now), last_address = \(address) WHERE id = \(id)"
        )
    }

    private static func key(_ row: Row) throws -> APIKey {
        APIKey(
            id: try row.decode("id"),
            name: try row.decode("name"),
            prefix: try row.decode("prefix"),
            scopes: Set(try row.decode("scopes", as: [String].self).compactMap(APIScope.init)),
            createdAt: try row.decode("created_at"),
            expiresAt: try row.decodeIfPresent("expires_at"),
            lastUsedAt: try row.decodeIfPresent("last_used_at"),
            lastAddress: try row.decodeIfPresent("last_address")
        )
    }
}
