package import Foundation
internal import NIOCore
package import WhatsAppProtobufs
package import WhatsAppWire

/// Why a message was not sent, or is not known to be.
package enum SendError: Error, Equatable {
    case notConnected
    /// So many messages wait already that this one was not taken.
    case tooManyWaiting(limit: Int)
    /// The same has been asked for a moment ago, or too much at once: not before so long.
    case tooSoon(wait: Duration)
    /// No acknowledgement in time: the message may have arrived.
    case timedOut
    /// The service refused it: 401, 403 not allowed, 404 unknown recipient, 463 no contact token, 475 too many new
    /// chats, 479 against the rules ...
    case refused(code: Int)
    /// Nobody on the other side could be encrypted for.
    case noDevices
    /// The content cannot be right.
    case invalid(field: String, reason: InvalidReason)
    /// What it takes to send could not be asked for.
    case request(RequestError)
    case store(StoreError)
}

/// A message that the service has taken.
package struct SentMessage: Sendable {
    package var id: String
    /// The chat as it was addressed.
    package var chat: JID
    /// The service's time.
    package var timestamp: Date
    package var message: WAMessage
}

/// What the service said to a sent message.
struct Acknowledgement: Sendable {
    var timestamp: Date?
    var error: Int?
    var deviceHash: String?
    var addressingMode: String?
    var serverID: Int?
}

/// What is on its way out.
struct SendingState {
    struct Pending {
        var stanza: BinaryNode
        var sentAt: ContinuousClock.Instant
        var continuation: LoopContinuation<Acknowledgement?>?
        /// Known before somebody asked; nil inside for no word in time.
        var outcome: Acknowledgement??
    }

    /// Somebody whose turn it is not yet.
    struct Waiter {
        var isNew: Bool
        var continuation: LoopContinuation<Void>
    }

    /// By message id, in the order in which they were sent.
    var pending: [String: Pending] = [:]
    var order: [String] = []
    /// Ends the wait for those that the service says nothing to.
    var expiry: Scheduled<Void>?
    /// Those who send to a chat, and those who wait for that.
    var lines = SendingLines()
    var waiters: [SendingLines.Place: Waiter] = [:]
    /// Messages that were on their way when an earlier run ended, as long as they are not settled.
    var interrupted: [InterruptedSend] = []
    /// When ``Session/sendingSetting`` was written last in this run.
    var markedAt: Date?
    /// Sends whose message is stored, and whose outcome is not.
    var inFlight = 0
    /// How often a group's own sender key has been thrown away.
    var rotations: [String: Int] = [:]
    /// Devices that have lost our sender keys, with a number that rises with each loss.
    var losses: [String: UInt64] = [:]
    var lossCount: UInt64 = 0

    /// By chat: the hash of devices that the service gave last where ours was another.
    private var foreignHashes: [JID: String] = [:]

    /// How long the service may take to acknowledge (whatsmeow's limit).
    static let acknowledgementTimeout: Duration = .seconds(75)
    static let lossLimit = 4096

    /// Whether the service gives a chat's devices another hash than the last time that ours was not right: where it is the
    /// same, asking for them again has changed nothing.
    mutating func isNews(_ hash: String, of chat: JID) -> Bool {
        if foreignHashes.count >= Self.lossLimit { foreignHashes = [:] }
        return foreignHashes.updateValue(hash, forKey: chat) != hash
    }

    mutating func lose(_ device: String) {
        if losses.count >= Self.lossLimit { losses = [:] }
        lossCount += 1
        losses[device] = lossCount
    }
}
