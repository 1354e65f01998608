internal import Foundation
package import WhatsAppWire

/// A stanza about a call, with what has to be answered.
package struct CallNotice: Sendable, Equatable {
    package var event: CallEvent
    /// What the service expects back: a receipt for offers, acceptances and refusals, an acknowledgement for the rest.
    package var answer: BinaryNode

    /// Reads `<call from id t><offer call-id call-creator …/></call>`; nil where there is no call in it.
    ///
    /// `own` is the device's own JID, which the receipt names.
    package init?(_ node: BinaryNode, own: JID?) {
        guard
            let from = node.attributes.jid("from"), let child = node.children.first,
            let id = node.attributes["id"]
        else { return nil }
        let callID = child.attributes["call-id"]
        answer = Self.answer(node, child, id: id, from: from, own: own)
        let creator = child.attributes.jid("call-creator") ?? child.attributes.jid("from") ?? from
        guard let callID = callID?.text, !callID.isEmpty, callID.utf8.count <= 256 else { return nil }
        let kind: CallEvent.Kind =
            switch child.tag {
            case "offer", "offer_notice": .offer
            case "accept": .accept
            case "reject": .reject
            case "terminate": .terminate
            default: .other
            }
        event = CallEvent(
            kind: kind,
            callID: callID,
            creator: creator.withoutDevice,
            from: from.withoutDevice,
            group: child.attributes.jid("group-jid")?.withoutDevice,
            isVideo: child.child("video") != nil || child.attributes.text("media") == "video",
            isOffline: node.attributes["offline"] != nil,
            timestamp: node.attributes.date("t") ?? Date(timeIntervalSince1970: 0),
            reason: child.attributes.text("reason").map { MessageContent.bounded($0, limit: 256) }
        )
    }

    /// The answer to any call stanza, also to one that makes no sense.
    static func answer(_ node: BinaryNode, own: JID?) -> BinaryNode? {
        guard let from = node.attributes.jid("from"), let id = node.attributes["id"] else { return nil }
        guard let child = node.children.first else {
            return BinaryNode("ack", ["class": "call", "id": id, "to": .jid(from)])
        }
        return answer(node, child, id: id, from: from, own: own)
    }

    private static func answer(
        _ node: BinaryNode,
        _ child: BinaryNode,
        id: BinaryNode.Value,
        from: JID,
        own: JID?
    ) -> BinaryNode {
        guard ["offer", "accept", "reject", "enc_rekey"].contains(child.tag) else {
            return BinaryNode("ack", ["class": "call", "type": .text(child.tag), "id": id, "to": .jid(from)])
        }
        return BinaryNode(
            "receipt",
            ["id": id, "to": .jid(from), "from": own.map { .jid($0) }],
            children: [
                BinaryNode(
                    child.tag,
                    ["call-id": child.attributes["call-id"], "call-creator": child.attributes["call-creator"]]
                )
            ]
        )
    }
}

/// The stanzas with which a device takes part in calls.
package enum CallStanzas {
    /// Wire form: `<call id from to><reject call-id call-creator count="0"/></call>`.
    package static func reject(_ callID: String, creator: JID, own: JID, id: String) -> BinaryNode {
        BinaryNode(
            "call",
            ["id": .text(id), "from": .jid(own.withoutDevice), "to": .jid(creator.withoutDevice)],
            children: [
                BinaryNode(
                    "reject",
                    ["call-id": .text(callID), "call-creator": .jid(creator.withoutDevice), "count": "0"]
                )
            ]
        )
    }
}
