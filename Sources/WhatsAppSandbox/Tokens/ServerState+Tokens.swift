import Foundation
import SignalProtocol
import WhatsAppWire

extension ServerState {
    /// Gives somebody an account's token, by which they may write to it: `privacy_token` to all their companions.
    mutating func issueToken(by issuer: String, to holder: String, at time: UInt64, form: AddressingForm) {
        guard let phone = phones[issuer], phones[holder] != nil, issuer != holder else { return }
        let token = TokenBook.Token(bytes: Data(randomBytes(16, using: &random)), time: time)
        tokens.issue(token, by: issuer, to: holder)
        add(.save)
        for target in allDevices(of: holder) where target.device != 0 {
            let child = BinaryNode(
                "token",
                [
                    "type": "trusted_contact", "t": .text(String(time)), "jid": .jid(jid(of: target, by: form)),
                ],
                bytes: Array(token.bytes)
            )
            let stanza = newStanzaID()
            let node = BinaryNode(
                "notification",
                [
                    "from": .jid(phone.jid), "sender_lid": .jid(phone.lid), "type": "privacy_token",
                    "id": .text(stanza), "t": .text(String(unixTime)),
                ],
                children: [BinaryNode("tokens", children: [child])]
            )
            deliver(node, id: stanza, to: target)
        }
    }

    /// A phone that has written to somebody lets them write back.
    mutating func issueTokenIfDue(by issuer: String, to holder: String) {
        guard load == nil, issuer != holder, tokens.isDue(by: issuer, for: holder, at: unixTime) else { return }
        issueToken(by: issuer, to: holder, at: unixTime, form: .lid)
    }

    /// Why a companion's message to a person does not go out: the person takes messages from those alone that have a token.
    func tokenRefusal(of node: BinaryNode, from sender: DeviceAddress) -> MessageVerdict? {
        guard
            node.child("participants") != nil, let addressee = node.attributes.jid("to"),
            let recipient = number(of: addressee), recipient != sender.number,
            accounts[recipient].demandsTokens
        else { return nil }
        let shown = node.child("tctoken")?.bytes ?? []
        let isKnown = tokens.isValid(shown, shownBy: sender.number, to: recipient, at: unixTime)
        return isKnown ? nil : .refused(463)
    }

    /// Whether an account wants to hear nothing of another.
    func isBlocked(_ number: String, by owner: String) -> Bool {
        accounts.profiles[owner]?.blocked.contains { self.number(of: $0) == number } ?? false
    }
}
