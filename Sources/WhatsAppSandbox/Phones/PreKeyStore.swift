/// The public one-time keys that a device has left with the server; each is handed out once.
struct PreKeyStore: Sendable, Equatable, Codable {
    struct Key: Sendable, Equatable, Codable {
        var id: UInt32
        var value: [UInt8]
    }

    /// As many as a device may leave here; the oldest make room.
    static let capacity = 5_000
    /// Below this the device is asked for more.
    static let low = 5

    private(set) var keys: [Key] = []
    /// Whether the device has been told that its keys run out, and has not uploaded since.
    private(set) var isLowReported = false

    var count: Int { keys.count }

    /// Adds an upload; a key whose identifier is known replaces the older one.
    mutating func add(_ uploaded: [Key]) {
        let replaced = Set(uploaded.map(\.id))
        keys.removeAll { replaced.contains($0.id) }
        keys.append(contentsOf: uploaded)
        if keys.count > Self.capacity { keys.removeFirst(keys.count - Self.capacity) }
        isLowReported = false
    }

    /// The oldest key, which nobody gets again; nil when there is none.
    mutating func take() -> Key? {
        keys.isEmpty ? nil : keys.removeFirst()
    }

    /// Takes all but so many, the oldest first.
    mutating func take(leaving count: Int) {
        keys.removeFirst(max(0, keys.count - max(0, count)))
    }

    /// Whether the device must be told now that its keys run out; says so once until the next upload.
    mutating func reportsLow() -> Bool {
        guard keys.count < Self.low, !isLowReported else { return false }
        isLowReported = true
        return true
    }
}
