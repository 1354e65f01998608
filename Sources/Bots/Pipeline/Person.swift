import WhatsApp
package import WhatsAppWire

/// Somebody on WhatsApp, by phone number, by LID, or by both.
package struct Person: Sendable, Hashable {
    /// Bare, as the message names them.
    package var jid: JID
    /// The phone number where `jid` is a LID, and the reverse, as far as it is known.
    package var alternate: JID?

    package init(_ jid: JID, alternate: JID? = nil) {
        self.jid = jid.withoutDevice
        self.alternate = alternate?.withoutDevice
    }

    /// Digits of a phone number; nil for what cannot be one.
    package init?(number: String) {
        guard (7...15).contains(number.utf8.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        self.init(JID(user: number, server: .user))
    }

    /// A phone number as people write it: digits, perhaps with a plus, dashes, dots or brackets.
    package init?(written text: String) {
        guard text.utf8.count <= 32, text.utf8.allSatisfy({ (0x28...0x39).contains($0) }) else { return nil }
        self.init(number: text.filter(\.isNumber))
    }

    package var phone: JID? { jid.server == .user ? jid : alternate?.server == .user ? alternate : nil }
    package var lid: JID? { jid.server == .lid ? jid : alternate?.server == .lid ? alternate : nil }
    /// The digits of the phone number, where it is known.
    package var number: String? { phone?.user }

    package func isSame(as other: JID) -> Bool {
        let other = other.withoutDevice
        return jid == other || alternate == other
    }

    package func isSame(as other: Person) -> Bool {
        isSame(as: other.jid) || other.alternate.map { isSame(as: $0) } == true
    }

    /// With the phone number of who is named by LID alone, as far as the session knows it, so that owners are known by it.
    func known(to session: Session) async -> Person {
        guard phone == nil, let lid, let phone = try? await session.phone(of: lid) else { return self }
        var person = self
        person.alternate = phone
        return person
    }

    /// As a text names somebody whom the message mentions.
    package var mention: String { "@\(jid.user)" }

    /// One name for one person, whichever way they are addressed: the phone number where it is known.
    package var key: String { (phone ?? jid).description }
}
