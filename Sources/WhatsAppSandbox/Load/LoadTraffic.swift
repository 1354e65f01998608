import Foundation
import NIOCore
import WhatsAppWire

/// What is known of the messages that the load's phones have sent.
struct LoadTraffic: Sendable {
    struct Counts: Sendable, Equatable {
        var sent = 0
        /// Confirmed by a delivery receipt of the session.
        var acknowledged = 0
        var echoed = 0
        /// Echoes that came more than once.
        var doubled = 0
        /// Not echoed in time.
        var lost = 0
        /// Retry receipts: the session could not decrypt.
        var retries = 0
        /// Echoes that a phone could not decrypt at first.
        var undecryptable = 0
        /// Messages that could not be sent.
        var errors = 0
    }

    private struct Message: Sendable {
        let sentAt: UInt64
        var isAcknowledged = false
        var echoes: UInt8 = 0
    }

    /// What phones write to bots.
    private static let command = "!ping"

    /// Microseconds after which a message counts as lost.
    static let patience: UInt64 = 60_000_000

    let order: LoadOrder
    private(set) var counts = Counts()
    private(set) var acknowledgements = LatencyHistogram()
    private(set) var echoes = LatencyHistogram()
    private var messages = CircularBuffer<Message>(initialCapacity: 1_024)
    /// The sequence number of the first of ``messages``.
    private var first = 0
    private var nextWriter = 0
    private let filler: String
    /// How the writers appear in stanzas, by number, from the first time that they write.
    var faces: [String: Face] = [:]

    /// What stanzas say of a writer.
    struct Face: Sendable {
        let lid: JID
        let phone: JID
        let name: String
    }

    init(order: LoadOrder) {
        self.order = order
        filler = String(repeating: "x", count: max(0, order.length - 12))
    }

    // MARK: Sending

    /// Who writes to whom.
    struct Turn: Sendable, Equatable {
        let writer: String
        let session: String
        /// The group that both are in; nil for a private chat.
        let group: String?
    }

    /// The phone whose turn it is, and where it writes.
    mutating func nextTurn() -> Turn {
        let index = nextWriter
        guard order.groups > 0 else {
            nextWriter = (nextWriter + 1) % order.phones
            return Turn(
                writer: LoadOrder.writer(index),
                session: LoadOrder.session(index % order.sessions),
                group: nil
            )
        }
        nextWriter = (nextWriter + 1) % (order.groups * (order.members - 1))
        let group = index % order.groups
        return Turn(
            writer: order.writer(index / order.groups, inGroup: group),
            session: LoadOrder.session(group % order.sessions),
            group: LoadOrder.group(group)
        )
    }

    /// Notes a message as sent; its identifier and text.
    mutating func next(at time: UInt64) -> (id: String, text: String) {
        let sequence = first + messages.count
        messages.append(Message(sentAt: time))
        counts.sent += 1
        return (Self.id(of: sequence), text(of: sequence))
    }

    mutating func failed() {
        counts.errors += 1
    }

    func text(of sequence: Int) -> String { order.isOfCommands ? Self.command : "m\(sequence) \(filler)" }

    /// The text behind an identifier of the load's; nil for others.
    func text(id: String) -> String? { Self.sequence(id: id).map(text) }

    private static func id(of sequence: Int) -> String {
        let digits = String(sequence, radix: 16, uppercase: true)
        return "3A10AD" + String(repeating: "0", count: max(0, 14 - digits.count)) + digits
    }

    private static func sequence(id: String) -> Int? {
        guard id.hasPrefix("3A10AD"), id.utf8.count == 20 else { return nil }
        return Int(id.dropFirst(6), radix: 16)
    }

    // MARK: What comes back

    /// A receipt for a message of the load's; whether it was one.
    mutating func acknowledged(_ id: String, isRetry: Bool, at time: UInt64) -> Bool {
        guard let sequence = Self.sequence(id: id) else { return false }
        guard !isRetry else {
            counts.retries += 1
            return true
        }
        let index = sequence - first
        guard index >= 0, index < messages.count else { return true }
        let position = messages.index(messages.startIndex, offsetBy: index)
        guard !messages[position].isAcknowledged else { return true }
        messages[position].isAcknowledged = true
        counts.acknowledged += 1
        acknowledgements.record(time &- messages[position].sentAt)
        return true
    }

    /// Takes in a text that came to a phone; whether it is an echo of the load's.
    mutating func took(_ text: String, isOwn: Bool, at time: UInt64) -> Bool {
        guard text.hasPrefix("echo:m") else { return text.first == "m" && text.hasSuffix(filler) }
        guard !isOwn else { return true }
        let digits = text.dropFirst(6).prefix { $0 != " " }
        if let sequence = Int(digits) { answered(sequence, at: time) }
        return true
    }

    /// Takes in a text that quotes another; whether that is one of the load's commands.
    mutating func tookAnswer(to id: String, isOwn: Bool, at time: UInt64) -> Bool {
        guard order.isOfCommands, let sequence = Self.sequence(id: id) else { return false }
        if !isOwn { answered(sequence, at: time) }
        return true
    }

    private mutating func answered(_ sequence: Int, at time: UInt64) {
        let index = sequence - first
        guard index >= 0, index < messages.count else {
            if index < 0 { counts.doubled += 1 }
            return
        }
        let position = messages.index(messages.startIndex, offsetBy: index)
        messages[position].echoes = messages[position].echoes &+ 1
        if messages[position].echoes == 1 {
            counts.echoed += 1
            echoes.record(time &- messages[position].sentAt)
        } else {
            counts.doubled += 1
        }
    }

    mutating func couldNotDecrypt() {
        counts.undecryptable += 1
    }

    /// Forgets the oldest messages once their time is over.
    mutating func forget(at time: UInt64) {
        while let message = messages.first, time &- message.sentAt > Self.patience, time > message.sentAt {
            if message.echoes == 0 { counts.lost += 1 }
            messages.removeFirst()
            first += 1
        }
    }

    /// How many messages wait for their echo.
    var waiting: Int { counts.sent - counts.echoed - counts.lost }
}
