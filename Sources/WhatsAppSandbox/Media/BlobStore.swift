import SignalProtocol

/// Encrypted files that companions may download, by the path of their address.
struct BlobStore: Sendable {
    /// Of all files together; the oldest make room.
    static let capacity = 256 << 20

    private var files: [String: [UInt8]] = [:]
    private var order: [String] = []
    private var size = 0

    var count: Int { files.count }

    mutating func add(_ bytes: [UInt8], at path: String) {
        files[path] = bytes
        order.append(path)
        size += bytes.count
        while size > Self.capacity, order.count > 1 {
            size -= files.removeValue(forKey: order.removeFirst())?.count ?? 0
        }
    }

    /// A path without the query after it.
    static func path(_ address: String) -> String { String(address.prefix { $0 != "?" }) }

    /// The file at a path, whatever the query after it.
    subscript(path: String) -> [UInt8]? {
        files[Self.path(path)]
    }
}

extension ServerState {
    /// Keeps a file; the direct path under which it can be downloaded, with the query that real ones have.
    mutating func storeBlob(_ bytes: [UInt8]) -> String {
        let name = Base64URL.encode(randomBytes(18, using: &random))
        let path = "/v/t62.7118-24/\(name).enc"
        blobs.add(bytes, at: path)
        return path + "?ccb=11-4&oh=sandbox&oe=7FFFFFFF"
    }
}
