import Crypto
import Foundation
import Synchronization

/// The identifiers of what a bot sends because of one message.
///
/// They come from the message, so that the phone drops the second answer to a message that is told twice.
package final class AnswerIDs: Sendable {
    private let seed: String
    private let count = Mutex(0)

    init(bot: BotID, message: HeardMessage) {
        seed = "\(bot) \(message.chat) \(message.sender.jid) \(message.id)"
    }

    /// For what happens at most once for each of these words.
    init(bot: BotID, _ words: String) {
        seed = "\(bot) \(words)"
    }

    func next() -> String {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        return Self.id(of: "\(seed) \(number)")
    }

    /// The form of identifiers that companions give.
    static func id(of words: String) -> String {
        let digits = SHA256.hash(data: Data("wharf \(words)".utf8)).prefix(9).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return "3EB0" + digits.joined().uppercased()
    }
}
