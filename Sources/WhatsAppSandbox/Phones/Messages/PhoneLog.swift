import Foundation
import NIOCore
import WhatsAppProtobufs
import WhatsAppWire

/// The last messages that a phone has sent and received.
struct PhoneLog: Sendable {
    struct Entry: Sendable {
        /// Rises by one with every message of the phone.
        let number: UInt64
        let id: String
        /// Without a device; people by phone number.
        let chat: JID
        let author: DeviceAddress
        /// Whether the account wrote it, at the phone or at a companion.
        let isOwn: Bool
        let time: Date
        let content: WAMessage
        /// How often it has come; more than once is a repetition.
        var copies = 1
        /// Who has got or read it, for own ones.
        var receipts: [Receipt] = []
        /// The code that the server refused it with.
        var error: Int?
    }

    struct Receipt: Sendable, Equatable {
        let device: DeviceAddress
        /// Empty when delivered.
        let type: String
    }

    static let receiptLimit = 1_000

    /// Older messages are forgotten.
    var capacity = 200
    private(set) var last: UInt64 = 0
    private var entries = CircularBuffer<Entry>(initialCapacity: 0)

    var all: [Entry] { Array(entries) }
    var count: Int { entries.count }

    /// Adds a message, or counts one more copy of a known one; whether it is new.
    @discardableResult
    mutating func add(
        id: String,
        chat: JID,
        author: DeviceAddress,
        isOwn: Bool,
        time: Date,
        content: WAMessage
    ) -> Bool {
        let known = entries.lastIndex { $0.id == id && $0.author.number == author.number && $0.chat == chat }
        if let known {
            entries[known].copies += 1
            return false
        }
        last += 1
        entries.append(
            Entry(number: last, id: id, chat: chat, author: author, isOwn: isOwn, time: time, content: content)
        )
        if entries.count > capacity { entries.removeFirst() }
        return true
    }

    /// Goes on counting after a number.
    mutating func start(after number: UInt64) {
        last = number
    }

    /// The newest message of that identifier.
    func entry(_ id: String) -> Entry? { entries.last { $0.id == id } }

    /// The newest message of that identifier which the phone itself has written.
    func sent(_ id: String, by phone: DeviceAddress) -> Entry? { entries.last { $0.id == id && $0.author == phone } }

    func entries(after number: UInt64) -> [Entry] { entries.filter { $0.number > number } }

    mutating func record(_ receipt: Receipt, of id: String) {
        guard let index = entries.lastIndex(where: { $0.id == id && $0.isOwn }) else { return }
        guard entries[index].receipts.count < Self.receiptLimit, !entries[index].receipts.contains(receipt) else {
            return
        }
        entries[index].receipts.append(receipt)
    }

    mutating func record(error: Int, of id: String) {
        guard let index = entries.lastIndex(where: { $0.id == id && $0.isOwn }) else { return }
        entries[index].error = error
    }
}
