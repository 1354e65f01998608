package import WhatsAppWire

/// Requests about the own profile and those of others, without their identifiers.
package enum ProfileRequests {
    /// Wire form: `<iq type xmlns to="s.whatsapp.net">children</iq>`.
    static func iq(_ type: String, _ namespace: String, _ children: BinaryNode...) -> BinaryNode {
        BinaryNode(
            "iq",
            ["to": .jid(.server), "type": .text(type), "xmlns": .text(namespace)],
            content: children.isEmpty ? .none : .nodes(children)
        )
    }

    // MARK: Pictures

    /// `knownID` is of the picture that is there already: the answer is then empty if it is still the one.
    package static func picture(of jid: JID, isPreview: Bool, knownID: String? = nil, token: [UInt8]? = nil)
        -> BinaryNode
    {
        var picture = BinaryNode(
            "picture",
            ["type": isPreview ? "preview" : "image", "query": "url", "id": knownID.map { .text($0) }]
        )
        if let token { picture.content = .nodes([BinaryNode("tctoken", bytes: token)]) }
        var request = iq("get", "w:profile:picture", picture)
        request.attributes["target"] = .jid(jid.withoutDevice)
        return request
    }

    /// A JPEG of 640 by 640; of a group, or the own one without `group`.
    package static func setPicture(_ jpeg: [UInt8], group: JID? = nil) -> BinaryNode {
        var request = iq("set", "w:profile:picture", BinaryNode("picture", ["type": "image"], bytes: jpeg))
        if let group { request.attributes["target"] = .jid(group) }
        return request
    }

    package static func removePicture(group: JID? = nil) -> BinaryNode {
        var request = iq("set", "w:profile:picture")
        if let group { request.attributes["target"] = .jid(group) }
        return request
    }

    // MARK: Texts and small settings

    package static func setAbout(_ text: String) -> BinaryNode {
        iq("set", "status", BinaryNode("status", text: text))
    }

    /// The timer that new chats start with.
    package static func setDefaultTimer(_ timer: DisappearingTimer) -> BinaryNode {
        iq("set", "disappearing_mode", BinaryNode("disappearing_mode", ["duration": .text(String(timer.rawValue))]))
    }

    package static func businessProfile(of jid: JID) -> BinaryNode {
        let profile = BinaryNode("profile", ["jid": .jid(jid.withoutDevice)])
        return iq("get", "w:biz", BinaryNode("business_profile", ["v": "244"], children: [profile]))
    }

    /// Who a contact code or a contact link belongs to.
    package static func resolveContactCode(_ code: String) -> BinaryNode {
        iq("get", "w:qr", BinaryNode("qr", ["code": .text(code)]))
    }

    /// The own contact code; a new one in the place of the old with `isRenewed`.
    package static func contactCode(isRenewed: Bool) -> BinaryNode {
        iq("set", "w:qr", BinaryNode("qr", ["type": "contact", "action": isRenewed ? "revoke" : "get"]))
    }

    // MARK: Blocking

    package static func blocklist() -> BinaryNode { iq("get", "blocklist") }

    /// Accounts that have moved to LIDs name the LID, with the number beside it where they block; others the number.
    package static func block(_ target: BlockTarget) -> BinaryNode {
        let item: BinaryNode =
            switch target {
            case .number(let phone): BinaryNode("item", ["action": "block", "jid": .jid(phone)])
            case .lid(let lid, let phone):
                BinaryNode("item", ["action": "block", "jid": .jid(lid), "pn_jid": phone.map { .jid($0) }])
            }
        return iq("set", "blocklist", item)
    }

    package static func unblock(_ target: BlockTarget) -> BinaryNode {
        let jid =
            switch target {
            case .number(let phone): phone
            case .lid(let lid, _): lid
            }
        return iq("set", "blocklist", BinaryNode("item", ["action": "unblock", "jid": .jid(jid)]))
    }
}

/// Whom to block, in the form that the account's service wants.
package enum BlockTarget: Sendable, Equatable {
    case number(JID)
    case lid(JID, phone: JID?)
}
