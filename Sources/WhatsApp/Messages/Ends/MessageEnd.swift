internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// When a message disappears, as far as it is known at once.
enum MessageEnd: Equatable {
    case never
    case at(Date)
    /// It goes with its chat, whose timer is not at hand.
    case withChat

    var date: Date? { if case .at(let date) = self { date } else { nil } }
    var isOpen: Bool { self == .withChat }
}

extension ContentField {
    /// Whether it says itself when it disappears; others do so with their chat.
    fileprivate var saysItsEnd: Bool {
        switch self {
        case .reaction, .sealedReaction, .edited, .pollUpdate, .pollAddOption, .eventResponse, .secretEncrypted,
            .comment, .sealedComment, .pin, .keep:
            false
        default: true
        }
    }
}

extension Session {
    /// How long a status post is shown.
    static let statusLifetime: TimeInterval = 86_400

    /// When a message disappears that was written at `time`; `content` is without wrappers.
    ///
    /// Nothing is asked of the store for it.
    func end(of content: WAMessage, _ field: ContentField?, chat: JID, at time: Date) -> MessageEnd {
        if chat.isStatusBroadcast { return .at(time.addingTimeInterval(Self.statusLifetime)) }
        guard let field, field != .conversation, field != .extendedText || content.extendedTextMessage.hasContextInfo
        else { return .never }
        let expiration = content.contextInfo?.expiration ?? 0
        if expiration > 0 { return .at(time.addingTimeInterval(TimeInterval(expiration))) }
        let isEdit = content.protocolChange(field).map { $0.type == .messageEdit } ?? false
        guard isEdit || !field.saysItsEnd else { return .never }
        switch knownTimer(of: chat) {
        case .known(let seconds):
            return seconds > 0 ? .at(time.addingTimeInterval(TimeInterval(seconds))) : .never
        case .notAtHand: return .withChat
        }
    }

    private enum KnownTimer {
        case known(UInt32)
        case notAtHand
    }

    private func knownTimer(of chat: JID) -> KnownTimer {
        switch chat.server {
        case .group: return groups.peek(chat).map { .known($0.ephemeralExpiration) } ?? .notAtHand
        case .broadcast, .newsletter: return .known(0)
        default:
            let names = namesAtHand(of: chat).map(\.description)
            let known = names.compactMap { hot.timers[$0] }
            if let latest = known.max(by: { $0.setAt ?? .distantPast < $1.setAt ?? .distantPast }) {
                return .known(latest.seconds)
            }
            let areLoaded = names.allSatisfy { hot.contains(RecordKey(.chatTimer, $0)) }
            return areLoaded ? .known(0) : .notAtHand
        }
    }

    /// The names of somebody as far as they are in memory.
    func namesAtHand(of jid: JID) -> [JID] {
        let bare = jid.withoutDevice
        switch bare.server {
        case .lid: return [bare] + [hot.phones[bare.user]].compactMap { $0.map { JID(user: $0, server: .user) } }
        case .user: return [bare] + [hot.lids[bare.user]].compactMap { $0.map { JID(user: $0, server: .lid) } }
        default: return [bare]
        }
    }

    /// Looks up the timer of the chat that a kept message disappears with.
    func findEnd(of stored: StoredMessage, chat: JID) {
        // What follows must not wait for the store; where it dies meanwhile, the message stays until it is too old.
        Task {
            guard let timer = await self.timer(of: chat), timer.seconds > 0 else { return }
            let end = stored.timestamp.addingTimeInterval(TimeInterval(timer.seconds))
            let mark = MessageMark(
                chat: stored.chat,
                id: stored.id,
                isFromMe: stored.isFromMe,
                expiresAt: end
            )
            outbox.staged.marks.append(mark)
            flushLater()
        }
    }

    /// Somebody keeps a message in the chat, or lets it go again.
    func keep(_ content: WAKeepInChatMessage, chat: JID) {
        guard !content.key.id.isEmpty, content.keepType != .unknown else { return }
        for name in namesAtHand(of: chat) {
            outbox.staged.marks.append(
                MessageMark(chat: name.description, id: content.key.id, isKept: content.keepType == .keepForAll)
            )
        }
    }
}
