import Foundation
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Profile, privacy, blocking and the like; false for a namespace that is none of these.
    mutating func accountRequest(
        _ iq: BinaryNode,
        _ namespace: String,
        from address: DeviceAddress,
        on id: ConnectionID
    ) -> Bool {
        let isSet = iq.attributes.text("type") == "set"
        switch namespace {
        case "w:profile:picture": isSet ? setPicture(iq, address, on: id) : sendPicture(iq, address, on: id)
        case "status" where isSet: setAbout(iq, address, on: id)
        case "status": reply(to: iq, children: [Self.statusAudience], on: id)
        case "disappearing_mode": setDefaultTimer(iq, address, on: id)
        case "w:biz": sendBusinessProfile(iq, on: id)
        case "w:qr": contactCode(iq, address, on: id)
        case "privacy": privacyRequest(iq, address, on: id)
        case "blocklist": isSet ? changeBlocklist(iq, address, on: id) : sendBlocklist(iq, address, on: id)
        case "w:mex": mexRequest(iq, from: address, on: id)
        case "newsletter": channelRequest(iq, from: address, on: id)
        case "tos": reply(to: iq, on: id)
        default: return false
        }
        return true
    }

    private static let statusAudience = BinaryNode(
        "privacy",
        children: [BinaryNode("list", ["type": "contacts", "default": "true"])]
    )

    // MARK: Texts and small settings

    private mutating func setAbout(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        guard let text = iq.child("status")?.text, text.utf8.count <= 4_096 else {
            return reject(iq, code: 406, "not-acceptable", on: id)
        }
        reply(to: iq, on: id)
        setAbout(text, of: address.number, by: address)
    }

    mutating func setAbout(_ text: String, of number: String, by address: DeviceAddress) {
        accounts[number].about = text
        accounts[number].aboutSetAt = unixTime
        add(.save)
        tellWatchers(of: number, "status", BinaryNode("set", text: text), except: address)
    }

    private mutating func setDefaultTimer(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        guard
            let duration = iq.child("disappearing_mode")?.attributes.integer("duration", as: UInt32.self),
            [0, 86_400, 604_800, 7_776_000].contains(duration)
        else { return reject(iq, code: 406, "not-acceptable", on: id) }
        accounts[address.number].defaultTimer = duration
        add(.save)
        reply(to: iq, on: id)
        let child = BinaryNode(
            "disappearing_mode",
            ["duration": .text(String(duration)), "t": .text(String(unixTime))]
        )
        tellOwnDevices(child, of: address)
    }

    private mutating func sendBusinessProfile(_ iq: BinaryNode, on id: ConnectionID) {
        let profiles = (iq.child("business_profile")?.children("profile") ?? []).prefix(16)
            .compactMap { node -> BinaryNode? in
                guard
                    let jid = node.attributes.jid("jid"), let phone = phone(of: jid),
                    let name = phone.account.businessName
                else { return nil }
                return BinaryNode(
                    "profile",
                    ["jid": .jid(jid)],
                    children: [
                        BinaryNode("description", text: "\(name) in the sandbox"),
                        BinaryNode("email", text: "office@example.org"),
                    ]
                )
            }
        reply(to: iq, children: [BinaryNode("business_profile", ["v": "244"], children: Array(profiles))], on: id)
    }

    func aboutNode(of phone: Phone) -> BinaryNode {
        let profile = accounts[phone.account.number]
        return BinaryNode("status", ["t": .text(String(profile.aboutSetAt))], text: profile.about)
    }

    /// The business's name in a certificate that nobody has signed; nil for a person.
    func businessNode(of phone: Phone) -> BinaryNode? {
        guard let name = phone.account.businessName else { return nil }
        var details = WAVerifiedNameCertificate.Details()
        details.verifiedName = name
        var certificate = WAVerifiedNameCertificate()
        guard let encoded = try? details.serializedBytes() as [UInt8] else { return nil }
        certificate.details = Data(encoded)
        guard let bytes = try? certificate.serializedBytes() as [UInt8] else { return nil }
        return BinaryNode("business", children: [BinaryNode("verified_name", bytes: bytes)])
    }

    private mutating func contactCode(_ iq: BinaryNode, _ address: DeviceAddress, on id: ConnectionID) {
        guard let request = iq.child("qr") else { return reject(iq, code: 400, "bad-request", on: id) }
        if let code = request.attributes.text("code") {
            guard let owner = accounts.profiles.first(where: { $0.value.contactCode == code })?.key,
                let phone = phones[owner]
            else { return reject(iq, code: 404, "item-not-found", on: id) }
            let node = BinaryNode("qr", ["jid": .jid(phone.jid), "notify": .text(phone.name), "type": "contact"])
            return reply(to: iq, children: [node], on: id)
        }
        let known = accounts[address.number].contactCode
        let isRenewed = request.attributes.text("action") == "revoke" || known == nil
        let code = isRenewed ? "SANDBOX" + accounts.newID() : known ?? ""
        accounts[address.number].contactCode = code
        reply(to: iq, children: [BinaryNode("qr", ["code": .text(code), "type": "contact"])], on: id)
    }

    // MARK: Notifications

    /// Tells an account's other devices what one of them has changed: `account_sync`.
    mutating func tellOwnDevices(_ child: BinaryNode, of address: DeviceAddress) {
        for device in allDevices(of: address.number) where device != address && device.device != 0 {
            notify("account_sync", child, from: address.number, to: device)
        }
    }

    /// Tells everybody who asked for an account's presence, and its own other devices, what is new of it.
    mutating func tellWatchers(
        of number: String,
        _ type: String,
        _ child: BinaryNode,
        except address: DeviceAddress
    ) {
        var targets: Set<DeviceAddress> = []
        for id in accounts.watchers[number]?.keys.map({ $0 }) ?? [] {
            if let watcher = connections[id]?.device, watcher != address { targets.insert(watcher) }
        }
        for device in allDevices(of: number) where device != address && device.device != 0 { targets.insert(device) }
        for target in targets { notify(type, child, from: number, to: target) }
    }

    mutating func notify(_ type: String, _ child: BinaryNode, from number: String, to target: DeviceAddress) {
        notify(type, child, from: JID(user: number, server: .user), to: target)
    }

    mutating func notify(_ type: String, _ child: BinaryNode, from jid: JID, to target: DeviceAddress) {
        let stanza = newStanzaID()
        let node = BinaryNode(
            "notification",
            [
                "from": .jid(jid), "type": .text(type), "id": .text(stanza), "t": .text(String(unixTime)),
            ],
            children: [child]
        )
        deliver(node, id: stanza, to: target)
    }
}
