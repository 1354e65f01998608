internal import Foundation
internal import WhatsAppWire

extension Session {
    /// What an action of another device, or of this one, takes away of messages, or makes of them.
    ///
    /// What was written after the last message that the acting device knew of stays.
    func removeMessages(_ change: AppStateChange, in batch: inout StoreBatch) async throws {
        switch change.action {
        case .clear(let chat, let deletesStarred, _, let range):
            let time = Self.limit(of: range, change)
            for name in await names(of: chat) {
                batch.removals.append(.chat(name.description, before: time, keepsStarred: !deletesStarred))
            }
        case .delete(let chat, _, let range):
            let time = Self.limit(of: range, change)
            for name in await names(of: chat) {
                batch.removals.append(.chat(name.description, before: time, keepsStarred: false))
            }
        case .deleteForMe(let message, _, _):
            for name in await names(of: message.chat) {
                batch.removals.append(
                    .message(chat: name.description, id: message.id, isFromMe: message.isFromMe)
                )
            }
        case .star(let message, let isStarred):
            for name in await names(of: message.chat) {
                batch.marks.append(
                    MessageMark(
                        chat: name.description,
                        id: message.id,
                        isFromMe: message.isFromMe,
                        isStarred: isStarred
                    )
                )
            }
        default: break
        }
    }

    /// The second after the last message that is meant: actions know seconds.
    ///
    /// An action that names none was made when the chat was empty, or by somebody who means all that there was.
    private static func limit(of range: AppStateMessageRange, _ change: AppStateChange) -> Date {
        let last = range.lastMessageAt ?? range.lastSystemMessageAt ?? change.timestamp ?? .distantPast
        return Date(timeIntervalSince1970: last.timeIntervalSince1970.rounded(.down) + 1)
    }
}
