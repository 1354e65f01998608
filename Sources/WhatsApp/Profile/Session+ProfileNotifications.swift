internal import WhatsAppWire

extension Session {
    /// Keeps what a notification tells of people or of the own account, then tells it on.
    func handleProfileNotification(_ node: BinaryNode) async {
        for notice in ProfileNotice.read(node) {
            switch notice {
            case .profile(let change): stage(change)
            case .contactOutdated(let jid):
                for name in await names(of: jid) { forgetDevices(of: name) }
            case .numberChanged(let old, let new, let oldLID, let newLID):
                move(from: old, to: new, oldLID, newLID)
            case .blocklist: break
            case .defaultTimer(let jid, let seconds):
                guard let jid else { continue }
                var chat = ChatChange(jid: jid.description)
                chat.ephemeralExpiration = Int(seconds)
                outbox.staged.chats.append(chat)
            case .privacyOutdated:
                isReadingShown = nil
                note(.debug, "The privacy settings have been changed on another device.")
            }
        }
        if let own = credentials.account { tell(node, own: own) }
    }

    private func stage(_ change: ProfileChange) {
        var contact = ContactChange(jid: change.jid.description)
        switch change.kind {
        case .picture: return
        case .about(let text): contact.about = text
        case .pushName(let name): contact.pushName = name
        case .verifiedName(let name): contact.businessName = name
        }
        outbox.staged.contacts.append(contact)
    }

    /// Somebody goes on under a new number: the LID stays, or is told too; ratchets are under the LID.
    private func move(from old: JID, to new: JID, _ oldLID: JID?, _ newLID: JID?) {
        forgetDevices(of: old)
        forgetDevices(of: new)
        // Whoever gets the old number next is somebody else.
        forgetLID(of: old)
        var contact = ContactChange(jid: new.description)
        if let lid = newLID ?? oldLID {
            learn(lid: lid, phone: new)
            contact.lid = lid.description
        }
        outbox.staged.contacts.append(contact)
    }
}
