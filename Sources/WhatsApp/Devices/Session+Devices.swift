internal import Foundation
internal import NIOCore
internal import WhatsAppWire

extension Session {
    /// All devices of users, hosted ones included, in each user's own namespace; asks for those not known or too old.
    func devices(of users: [JID]) async throws(RequestError) -> [JID: [JID]] {
        let names = users.map { RecordKey(.deviceList, $0.description) }
        do {
            try await load(names)
        } catch {
            throw .store(error)
        }
        let hours = environment.limits.deviceListHours
        let unknown = users.filter { !(hot.devices[$0.description]?.isFresh(at: now, hours: hours) ?? false) }
        var found: [JID: [JID]] = [:]
        let asked = Set(unknown)
        for user in users where !asked.contains(user) {
            found[user] = hot.devices[user.description]?.jids(of: user)
        }
        for start in stride(from: 0, to: unknown.count, by: DeviceQuery.batch) {
            let part = Array(unknown[start..<min(start + DeviceQuery.batch, unknown.count)])
            let answers = try await queryDevices(of: part)
            for user in part {
                // A user the service says nothing about may still have a phone that does not answer for its list.
                if let list = answers[user] ?? hot.devices[user.description] { found[user] = list.jids(of: user) }
            }
        }
        return found
    }

    /// Asks the service for the device lists, whatever is known.
    @discardableResult
    func queryDevices(of users: [JID], context: String = "message") async throws(RequestError) -> [JID: DeviceList] {
        let question = DeviceQuery.request(for: users, context: context, sid: nextStanzaID())
        let result = try await request(question)
        var lists: [JID: DeviceList] = [:]
        for answer in DeviceQuery.answers(in: result, now: now) {
            if let lid = answer.lid, answer.user.server == .user { learn(lid: lid, phone: answer.user) }
            if let phone = answer.phone, answer.user.server == .lid { learn(lid: answer.user, phone: phone) }
            guard let list = answer.devices else { continue }
            lists[answer.user] = list
            let name = answer.user.description
            for gone in hot.devices[name]?.devices ?? [] where !list.devices.contains(gone) {
                do {
                    try await forgetDevice(answer.user.with(device: gone))
                } catch {
                    throw .store(error)
                }
            }
            hot.devices.set(name, list, commit: outbox.number)
        }
        flushSoon()
        return lists
    }

    /// The next send asks anew.
    func forgetDevices(of user: JID) {
        hot.devices.set(user.withoutDevice.description, nil, commit: outbox.number)
        flushSoon()
    }

    /// A device is no longer linked: its ratchets are of no more use, under whichever name they are kept.
    func forgetDevice(_ device: JID) async throws(StoreError) {
        let kept = try await signalAddress(of: device)
        for address in Set([device, kept]) {
            hot.sessions.set(address.signalName, nil, commit: outbox.number)
            forgetSenderKeys(on: address)
            // And those that it has given: it writes nothing more.
            var batch = StoreBatch()
            batch.deletedEndings = [RecordKey(.senderKey, "|" + address.signalName)]
            dropSenderKeys(batch)
        }
    }

    /// Lets go of sender keys of others, wherever they are.
    func dropSenderKeys(_ batch: StoreBatch) {
        for name in hot.senderKeys.names(where: { batch.deletes(RecordKey(.senderKey, $0)) }) {
            hot.senderKeys.set(name, nil, commit: outbox.number)
        }
        stage(batch)
    }

    /// The device has none of our sender keys any more, as far as they are in memory.
    func forgetSenderKeys(on device: JID) {
        sending.lose(device.signalName)
    }

    /// `<notification type="devices" from><add|remove|update device_hash><device jid key-index/>…`.
    func handleDeviceNotification(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("from")?.withoutDevice, from.isPerson else { return }
        if let lid = node.attributes.jid("lid")?.withoutDevice, from.server == .user { learn(lid: lid, phone: from) }
        let users = await names(of: from)
        for child in node.children("remove") {
            for device in child.children("device") {
                for jid in [device.attributes.jid("jid"), device.attributes.jid("lid")] {
                    guard let jid, users.contains(jid.withoutDevice), jid.device != 0 else { continue }
                    try? await forgetDevice(jid)
                }
            }
        }
        // The list is asked for again with the next message: the signed list with it tells who counts.
        for user in users { forgetDevices(of: user) }
    }
}
