internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// The question for the devices of users, and for the LIDs of phone numbers.
///
/// Wire form: `<iq type="get" xmlns="usync"><usync sid mode="query" last="true" index="0" context><query>
/// <devices version="2"/><lid/></query><list><user jid/>…</list></usync></iq>`.
enum DeviceQuery {
    struct Answer: Equatable {
        var user: JID
        /// Nil where the service had an error for this user.
        var devices: DeviceList?
        var lid: JID?
        var phone: JID?
    }

    /// Users in one question.
    static let batch = 500

    static func request(for users: [JID], context: String = "message", sid: String) -> BinaryNode {
        let query = BinaryNode("query", children: [BinaryNode("devices", ["version": "2"]), BinaryNode("lid")])
        let list = BinaryNode("list", children: users.map { BinaryNode("user", ["jid": .jid($0.withoutDevice)]) })
        let usync = BinaryNode(
            "usync",
            ["sid": .text(sid), "mode": "query", "last": "true", "index": "0", "context": .text(context)],
            children: [query, list]
        )
        return Stanzas.request("get", "usync", children: [usync])
    }

    static func answers(in result: BinaryNode, now: Date) -> [Answer] {
        let users = result.child("usync")?.child("list")?.children("user") ?? []
        return users.compactMap { answer(in: $0, now: now) }
    }

    private static func answer(in node: BinaryNode, now: Date) -> Answer? {
        guard let user = node.attributes.jid("jid")?.withoutDevice, user.isPerson else { return nil }
        var answer = Answer(user: user, lid: node.child("lid")?.attributes.jid("val"))
        answer.phone = node.attributes.jid("pn_jid")?.withoutDevice
        if user.server == .user, answer.lid?.server != .lid { answer.lid = nil }
        if let devices = node.child("devices"), devices.child("error") == nil {
            answer.devices = list(in: devices, now: now)
        }
        return answer
    }

    /// `<devices><device-list hash><device id key-index is_hosted/>…</device-list><key-index-list ts>…`.
    static func list(in devices: BinaryNode, now: Date) -> DeviceList {
        var list = DeviceList()
        list.fetchedAt = UInt64(max(0, now.timeIntervalSince1970))
        list.hash = devices.child("device-list")?.attributes.text("hash") ?? ""
        let signed = KeyIndexes(devices.child("key-index-list"))
        list.signedAt = signed?.timestamp ?? 0
        for device in devices.child("device-list")?.children("device").prefix(DeviceList.limit) ?? [] {
            guard let id = device.attributes.integer("id", as: UInt16.self), id != 0, !list.devices.contains(id) else {
                continue
            }
            // Without the phone's word nobody but the phone counts.
            guard let index = device.attributes.integer("key-index", as: UInt32.self), let signed,
                signed.allows(index)
            else { continue }
            list.devices.append(id)
            if device.attributes.text("is_hosted") == "true" { list.hosted.insert(id) }
        }
        return list
    }
}

/// Which companions a phone vouches for: ADVSignedKeyIndexList.
struct KeyIndexes {
    var timestamp: UInt64
    private var valid: Set<UInt32>
    private var current: UInt32

    init?(_ node: BinaryNode?) {
        guard let bytes = node?.bytes, bytes.count <= 4096,
            let list = try? WAADVSignedKeyIndexList(serializedBytes: Array(bytes)),
            let details = try? WAADVKeyIndexList(serializedBytes: list.details)
        else { return nil }
        timestamp = details.timestamp
        valid = Set(details.validIndexes)
        current = details.currentIndex
    }

    /// Those named, and those linked after the list was signed.
    func allows(_ index: UInt32) -> Bool { valid.contains(index) || index > current }
}
