import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

extension Snapshot {
    /// A phone's sessions, keys of groups and last messages.
    struct Signal: Codable, Sendable {
        struct Record: Codable, Sendable {
            var number: String
            var device: UInt16
            var record: Data
            /// The group, for the key of one.
            var group: String?
        }

        struct GroupKey: Codable, Sendable {
            var group: String
            var key: Data
            var holders: [Holder]
        }

        struct Holder: Codable, Sendable {
            var number: String
            var device: UInt16
        }

        struct Message: Codable, Sendable {
            var id: String
            var chat: String
            var number: String
            var device: UInt16
            var isOwn: Bool
            var time: Date
            var content: Data
        }

        var sessions: [Record]
        var senderKeys: [Record]
        var groupKeys: [GroupKey]
        var messages: [Message]
        /// The number of the last message.
        var last: UInt64
        var timers: [String: UInt32]
    }
}

extension Snapshot.Signal {
    init(_ phone: Phone) {
        let signal = phone.signal
        sessions = signal.sessions.map { address, session in
            Record(number: address.number, device: address.device, record: Data(session.serialized()))
        }
        senderKeys = signal.senderKeys.map { name, key in
            Record(
                number: name.sender.number,
                device: name.sender.device,
                record: Data(key.serialized()),
                group: name.group
            )
        }
        groupKeys = signal.groupKeys.map { group, key in
            GroupKey(
                group: group,
                key: Data(key.key.serialized()),
                holders: key.holders.map { Holder(number: $0.number, device: $0.device) }
            )
        }
        messages = phone.log.all.map { entry in
            Message(
                id: entry.id,
                chat: entry.chat.description,
                number: entry.author.number,
                device: entry.author.device,
                isOwn: entry.isOwn,
                time: entry.time,
                content: (try? entry.content.serializedBytes()) ?? Data()
            )
        }
        last = phone.log.last
        timers = phone.timers
    }

    /// Puts everything back into a phone.
    func restore(into phone: inout Phone) throws {
        for record in sessions {
            let address = DeviceAddress(number: record.number, device: record.device)
            phone.signal.sessions[address] = try SignalSession(serialized: record.record)
        }
        for record in senderKeys {
            let name = PhoneSignal.SenderKeyName(
                group: record.group ?? "",
                sender: DeviceAddress(number: record.number, device: record.device)
            )
            phone.signal.senderKeys[name] = try SenderKeyRecord(serialized: record.record)
        }
        for key in groupKeys {
            phone.signal.groupKeys[key.group] = PhoneSignal.GroupKey(
                key: try OwnSenderKey(serialized: key.key),
                holders: Set(key.holders.map { DeviceAddress(number: $0.number, device: $0.device) })
            )
        }
        phone.log.start(after: last > UInt64(messages.count) ? last - UInt64(messages.count) : 0)
        for message in messages {
            guard let chat = JID(message.chat) else { continue }
            phone.log.add(
                id: message.id,
                chat: chat,
                author: DeviceAddress(number: message.number, device: message.device),
                isOwn: message.isOwn,
                time: message.time,
                content: try WAMessage(serializedBytes: message.content)
            )
        }
        phone.timers = timers
    }
}
