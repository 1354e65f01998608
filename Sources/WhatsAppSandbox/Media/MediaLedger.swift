import Foundation

/// What lies on the media host, without the bytes.
struct MediaLedger: Sendable {
    /// As many authorizations as are remembered; the oldest are forgotten first.
    static let authorizationLimit = 50_000
    static let fileLimit = 100_000

    struct File: Sendable, Equatable {
        /// Of the file on disk.
        let name: String
        let type: String
        let length: UInt64
        let isPlain: Bool
        /// Of the encrypted file, or of a plain one.
        let hash: [UInt8]
    }

    private var authorizations: [String: String] = [:]
    private var authorizationOrder: [String] = []
    /// By path without the query.
    private var files: [String: File] = [:]
    private var order: [String] = []
    /// By path: gone from the host, while the phone still has them.
    private var vanished: [String: File] = [:]
    private var lastNumber: UInt64 = 0

    // MARK: Authorizations

    mutating func authorize(_ authorization: String, number: String) {
        authorizations[authorization] = number
        authorizationOrder.append(authorization)
        guard authorizationOrder.count > Self.authorizationLimit else { return }
        authorizations[authorizationOrder.removeFirst()] = nil
    }

    /// Whose it is; nil for one that was never given out.
    func number(of authorization: String) -> String? {
        authorizations[authorization]
    }

    /// All that were given out are void.
    mutating func revokeAuthorizations() {
        authorizations = [:]
        authorizationOrder = []
    }

    // MARK: Files

    /// Puts a file in its place: the direct path, with a query, and what had to give way.
    mutating func add(_ file: File, expiry: Date) -> (directPath: String, evicted: File?) {
        lastNumber += 1
        let path = "/v/t62.7118-24/\(lastNumber)_\(file.name.prefix(8))_n.enc"
        files[path] = file
        order.append(path)
        var evicted: File?
        if order.count > Self.fileLimit { evicted = files.removeValue(forKey: order.removeFirst()) }
        let seconds = String(UInt64(max(0, expiry.timeIntervalSince1970)), radix: 16, uppercase: true)
        return ("\(path)?ccb=11-4&oh=01_sandbox&oe=\(seconds)&_nc_sid=5e03e0", evicted)
    }

    func file(at path: String) -> File? {
        files[Self.withoutQuery(path)]
    }

    /// Deletes for good.
    mutating func remove(_ path: String) -> File? {
        let path = Self.withoutQuery(path)
        order.removeAll { $0 == path }
        return files.removeValue(forKey: path)
    }

    /// As media do after some weeks; whether there was something.
    mutating func vanish(_ path: String) -> Bool {
        guard let file = remove(path) else { return false }
        vanished[Self.withoutQuery(path)] = file
        return true
    }

    /// A phone uploads again what it had: the new direct path.
    mutating func restore(_ path: String, expiry: Date) -> String? {
        if let file = vanished.removeValue(forKey: Self.withoutQuery(path)) {
            return add(file, expiry: expiry).directPath
        }
        return file(at: path) == nil ? nil : path
    }

    private static func withoutQuery(_ path: String) -> String {
        String(path.prefix { $0 != "?" })
    }
}
