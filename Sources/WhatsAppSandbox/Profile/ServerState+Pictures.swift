import WhatsAppWire

/// Pictures of people and of groups, which lie on the media host.
extension ServerState {
    /// Wire form: `<iq get xmlns="w:profile:picture" target><picture type="preview|image" query="url" id/></iq>`.
    mutating func sendPicture(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        let picture: AccountProfile.Picture?
        if let target = iq.attributes.jid("target"), target.server == .group {
            guard let group = group(target) else { return reject(iq, code: 404, "item-not-found", on: id) }
            guard group.has(address.number) else { return reject(iq, code: 401, "not-authorized", on: id) }
            picture = group.picture
        } else {
            guard let owner = iq.attributes.jid("target").map({ number(of: $0) }) ?? address.number else {
                return reject(iq, code: 404, "item-not-found", on: id)
            }
            let isHidden = accounts[owner].privacy["profile"] == "none" || isBlocked(address.number, by: owner)
            guard owner == address.number || !isHidden else {
                return reject(iq, code: 401, "not-authorized", on: id)
            }
            picture = accounts[owner].picture
        }
        guard let picture else { return reject(iq, code: 404, "item-not-found", on: id) }
        let request = iq.child("picture")
        guard request?.attributes.text("id") != picture.id else {
            return reply(to: iq, children: [BinaryNode("picture", ["status": "304"])], on: id)
        }
        reply(to: iq, children: [node(of: picture, type: request?.attributes["type"], on: id)], on: id)
    }

    private func node(
        of picture: AccountProfile.Picture,
        type: BinaryNode.Value?,
        on id: ConnectionID
    ) -> BinaryNode {
        BinaryNode(
            "picture",
            [
                "id": .text(picture.id), "type": type ?? "image",
                "url": .text("https://\(mediaHost(on: id))\(picture.path)"), "direct_path": .text(picture.path),
            ]
        )
    }

    /// Sets or, without bytes, removes the picture of the account itself or of a group.
    mutating func setPicture(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        let bytes = iq.child("picture")?.bytes.flatMap { $0.isEmpty ? nil : Array($0) }
        if let bytes, !AccountProfile.isPicture(bytes) { return reject(iq, code: 406, "not-acceptable", on: id) }
        let picture: AccountProfile.Picture?
        if let target = iq.attributes.jid("target"), target.server == .group {
            guard let group = group(target) else { return reject(iq, code: 404, "item-not-found", on: id) }
            guard group.has(address.number), !group.settings.isLocked || group.isAdmin(address.number) else {
                return reject(iq, code: 403, "forbidden", on: id)
            }
            picture = setPicture(bytes, ofGroup: group.id, by: address)
        } else {
            guard iq.attributes.jid("target").map({ number(of: $0) == address.number }) ?? true else {
                return reject(iq, code: 403, "forbidden", on: id)
            }
            picture = setPicture(bytes, of: address.number, by: address)
        }
        reply(to: iq, children: picture.map { [BinaryNode("picture", ["id": .text($0.id)])] } ?? [], on: id)
    }

    @discardableResult
    mutating func setPicture(
        _ bytes: [UInt8]?,
        of number: String,
        by address: DeviceAddress
    ) -> AccountProfile.Picture? {
        let picture = bytes.map { AccountProfile.Picture(id: accounts.newID(), path: storeBlob($0)) }
        accounts[number].picture = picture
        add(.save)
        let author = BinaryNode.Value.jid(jid(of: phoneAddress(number), by: .phoneNumber))
        tellWatchers(of: number, "picture", change(to: picture, of: phones[number]?.jid, by: author), except: address)
        return picture
    }

    /// All members are told.
    @discardableResult
    mutating func setPicture(
        _ bytes: [UInt8]?,
        ofGroup group: String,
        by address: DeviceAddress
    ) -> AccountProfile.Picture? {
        let picture = bytes.map { AccountProfile.Picture(id: accounts.newID(), path: storeBlob($0)) }
        groups.all[group]?.picture = picture
        add(.save)
        guard let changed = groups.all[group] else { return picture }
        let author = BinaryNode.Value.jid(jid(of: phoneAddress(address.number), by: changed.form))
        let child = change(to: picture, of: changed.jid, by: author)
        for member in changed.members {
            for target in allDevices(of: member) where target.device != 0 && target != address {
                notify("picture", child, from: changed.jid, to: target)
            }
        }
        return picture
    }

    private func change(
        to picture: AccountProfile.Picture?,
        of owner: JID?,
        by author: BinaryNode.Value
    ) -> BinaryNode {
        var node = BinaryNode(picture == nil ? "delete" : "set", ["author": author])
        // whatsmeow looks for the owner here and not at the notification.
        node.attributes["jid"] = owner.map { .jid($0) }
        node.attributes["id"] = picture.map { .text($0.id) }
        return node
    }

    /// `<pictures><picture jid type id/>…</pictures>`: pictures of many groups at once; those there are.
    func groupPictures(_ request: BinaryNode, for number: String) -> BinaryNode {
        let found = request.children("picture").prefix(500).compactMap { asked -> BinaryNode? in
            guard
                let jid = asked.attributes.jid("jid"), let group = group(jid), group.has(number),
                let picture = group.picture, asked.attributes.text("id") != picture.id
            else { return nil }
            return BinaryNode(
                "picture",
                [
                    "jid": .jid(jid), "id": .text(picture.id), "type": asked.attributes["type"] ?? "preview",
                    "url": .text("https://\(settings.mediaHost)\(picture.path)"), "direct_path": .text(picture.path),
                ]
            )
        }
        return BinaryNode("pictures", children: found)
    }
}
