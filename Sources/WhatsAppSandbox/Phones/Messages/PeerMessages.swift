import NIOCore
import WhatsAppProtobufs

/// The last messages from phones to their own companions, in case that one cannot be decrypted.
struct PeerMessages: Sendable {
    struct Entry: Sendable {
        let id: String
        let number: String
        let device: UInt16
        let content: WAMessage
    }

    /// Of all phones together; a companion that cannot decrypt asks within moments.
    static let capacity = 2_000

    private var entries = CircularBuffer<Entry>(initialCapacity: 0)

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        if entries.count > Self.capacity { entries.removeFirst() }
    }

    func content(_ id: String, to device: DeviceAddress) -> WAMessage? {
        entries.last { $0.id == id && $0.number == device.number && $0.device == device.device }?.content
    }
}
