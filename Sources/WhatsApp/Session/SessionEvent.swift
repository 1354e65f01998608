package import Foundation
package import WhatsAppProtobufs
package import WhatsAppWire

/// What a session tells its listeners, in order, after what it says is durable.
package enum SessionEvent: Sendable {
    case connection(SessionConnection)
    case message(ReceivedMessage)
    /// Something was written that this device cannot read, now or ever.
    case unreadable(UnreadableMessage)
    case receipt(MessageReceipt)
    case presence(PresenceChange)
    case typing(TypingChange)
    case call(CallEvent)
    case group(GroupEvent)
    case appState([AppStateChange])
    case history(HistoryProgress)
    /// The security code of a person has changed.
    case identityChanged(JID)
    /// A profile's picture, about text or name has changed.
    case profile(ProfileChange)
    case blocklist(BlocklistChange)
    case newsletter(NewsletterEvent)
    /// One of the limits that the service puts on an account has changed.
    case restriction(SessionRestrictions)
    /// For the session's log: a sentence without anything personal in it.
    case note(SessionNote)
}

/// Where a session stands with the service.
package enum SessionConnection: Sendable, Equatable {
    case connecting
    /// The service let it in.
    case loggedIn(jid: JID, lid: JID?)
    /// The backlog has been taken; everything from now on is new.
    case caughtUp
    /// It tries again by itself.
    case disconnected(retryIn: Duration)
    /// The last event: it does not try again.
    case stopped(ClientStop)
}

/// A message that was decrypted, from anybody or from another device of the own account.
package struct ReceivedMessage: Sendable {
    package var id: String
    /// Bare: a person, a group, a broadcast list, a channel.
    package var chat: JID
    /// Bare; the author.
    package var sender: JID
    /// The device that sent it.
    package var device: UInt16
    /// The author's phone number or LID, whichever `sender` is not.
    package var senderAlternate: JID?
    package var isFromMe: Bool
    package var timestamp: Date
    package var pushName: String?
    /// Waited at the service while the session was away.
    package var isOffline: Bool
    /// The stanza's `edit`: 1 edit, 2 pin, 3 channel edit, 7 and 8 revoke.
    package var edit: Int?
    /// A channel's own number of the message.
    package var serverID: Int?
    /// As it came, wrappers removed that only carry it (`deviceSentMessage`).
    package var message: WAMessage

    package init(
        id: String,
        chat: JID,
        sender: JID,
        device: UInt16 = 0,
        senderAlternate: JID? = nil,
        isFromMe: Bool,
        timestamp: Date,
        pushName: String? = nil,
        isOffline: Bool = false,
        edit: Int? = nil,
        serverID: Int? = nil,
        message: WAMessage
    ) {
        self.id = id
        self.chat = chat
        self.sender = sender
        self.device = device
        self.senderAlternate = senderAlternate
        self.isFromMe = isFromMe
        self.timestamp = timestamp
        self.pushName = pushName
        self.isOffline = isOffline
        self.edit = edit
        self.serverID = serverID
        self.message = message
    }
}

/// A message that is known to exist and cannot be read here.
package struct UnreadableMessage: Sendable, Equatable {
    package enum Reason: String, Sendable {
        /// View-once: shown on the phone alone.
        case viewOnce = "view_once"
        /// Sent before this device was linked, or not for it; the phone has been asked.
        case unavailable
        /// Asked for again and again without a readable answer.
        case undecryptable

        /// For a log.
        var words: String {
            switch self {
            case .viewOnce: "it may be seen once, on the phone alone"
            case .unavailable: "it was sent without its content"
            case .undecryptable: "it stayed unreadable however often it was asked for"
            }
        }
    }

    package var id: String
    package var chat: JID
    package var sender: JID
    package var timestamp: Date
    package var reason: Reason
}

/// Somebody has got, read or played messages.
package struct MessageReceipt: Sendable, Equatable {
    package var chat: JID
    package var ids: [String]
    /// Who; a member of the group, the other person, or oneself on another device.
    package var by: JID
    package var status: MessageStatus
    package var timestamp: Date
    package var isOwnDevice: Bool
}

package struct PresenceChange: Sendable, Equatable {
    package var jid: JID
    package var isAvailable: Bool
    package var lastSeen: Date?
}

package struct TypingChange: Sendable, Equatable {
    package enum State: String, Sendable { case composing, recording, paused }

    package var chat: JID
    package var sender: JID
    package var state: State
}

/// What a call does.
package struct CallEvent: Sendable, Equatable {
    package enum Kind: String, Sendable { case offer, accept, reject, terminate, other }

    package var kind: Kind
    package var callID: String
    package var creator: JID
    package var from: JID
    package var group: JID?
    package var isVideo: Bool
    package var isOffline: Bool
    package var timestamp: Date
    /// Why it ended, in the service's word.
    package var reason: String?
}

package struct ProfileChange: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case picture(id: String?)
        case about(String)
        case pushName(String)
        case verifiedName(String)
    }

    package var jid: JID
    package var kind: Kind
}

package struct BlocklistChange: Sendable, Equatable {
    package var blocked: [JID]
    package var unblocked: [JID]
    /// The list has changed as a whole and is to be asked for.
    package var isReplaced: Bool
}

/// The limits that the service puts on an account; callers read them before they write to strangers.
package struct SessionRestrictions: Sendable, Equatable {
    /// Writing to people who do not know the account is refused (error 463).
    package var isReachOutLocked = false
    package var reachOutLockedUntil: Date?
    /// No new chats for now (error 475).
    package var isNewChatCapReached = false
    package var newChatsUsed: Int?
    package var newChatsTotal: Int?

    package init() {}

    /// Without a lock whose time is over: the service does not always say that it has ended.
    package func inForce(at now: Date) -> SessionRestrictions {
        guard isReachOutLocked, let until = reachOutLockedUntil, until <= now else { return self }
        var rest = self
        rest.isReachOutLocked = false
        rest.reachOutLockedUntil = nil
        return rest
    }

    /// Whether there is anything that the account may not do.
    package var areAny: Bool { isReachOutLocked || isNewChatCapReached }
}

/// A line of a session's log.
package struct SessionNote: Sendable, Equatable {
    package enum Level: String, Sendable { case debug, info, warning, error }

    package var level: Level
    package var text: String

    package init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
