internal import Foundation
internal import WhatsAppWire

extension Session {
    /// `<presence from type? last?/>`.
    func handlePresence(_ node: BinaryNode) {
        guard let from = node.attributes.jid("from")?.withoutDevice else { return }
        let last = node.attributes.integer("last", as: UInt32.self)
        emit(
            .presence(
                PresenceChange(
                    jid: from,
                    isAvailable: node.attributes.text("type") != "unavailable",
                    lastSeen: last.map { Date(timeIntervalSince1970: TimeInterval($0)) }
                )
            )
        )
    }

    /// `<chatstate from participant?><composing media?/>|<paused/></chatstate>`.
    func handleTyping(_ node: BinaryNode) {
        guard let from = node.attributes.jid("from")?.withoutDevice else { return }
        let state: TypingChange.State
        if let composing = node.child("composing") {
            state = composing.attributes.text("media") == "audio" ? .recording : .composing
        } else {
            state = .paused
        }
        let sender = node.attributes.jid("participant")?.withoutDevice ?? from
        emit(.typing(TypingChange(chat: from, sender: sender, state: state)))
    }

    /// Keeps the name that somebody gave themselves, where it is new.
    func keepPushName(_ name: String, of user: JID) {
        guard name.utf8.count <= 256, presence.pushNames[user.user] != name else { return }
        if presence.pushNames.count >= PresenceState.limit { presence.pushNames = [:] }
        presence.pushNames[user.user] = name
        var contact = ContactChange(jid: user.description)
        contact.pushName = name
        outbox.staged.contacts.append(contact)
    }
}

/// The names last heard, so that each is written once.
struct PresenceState {
    var pushNames: [String: String] = [:]
    /// Since the last cooling.
    private var count = 0

    static let limit = 256

    /// Lets go of all names when none was added since the last call.
    mutating func cool() {
        if pushNames.count == count { pushNames = [:] }
        count = pushNames.count
    }
}
