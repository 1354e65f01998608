internal import SignalProtocol
package import WhatsAppWire

extension Session {
    /// Keeps which phone number a LID belongs to.
    package func learn(lid: JID, phone: JID) {
        guard lid.server == .lid, phone.server == .user, !lid.user.isEmpty, !phone.user.isEmpty,
            lid.user != "0", phone.user != "0"
        else { return }
        if hot.lids[phone.user] != lid.user { hot.lids.set(phone.user, lid.user, commit: outbox.number) }
        if hot.phones[lid.user] != phone.user { hot.phones.set(lid.user, phone.user, commit: outbox.number) }
        unite(JID(user: phone.user, server: .user), JID(user: lid.user, server: .lid))
    }

    /// A phone number is not known to be anybody's any more.
    func forgetLID(of phone: JID) {
        guard phone.server == .user, !phone.user.isEmpty else { return }
        hot.lids.set(phone.user, nil, commit: outbox.number)
        flushSoon()
    }

    /// The LID of a phone number, as far as it is known.
    package func lid(of phone: JID) async throws(RequestError) -> JID? {
        guard phone.server == .user else { return phone.server == .lid ? phone.withoutDevice : nil }
        do {
            try await load([RecordKey(.lidOfPhone, phone.user)])
        } catch {
            throw .store(error)
        }
        return hot.lids[phone.user].map { JID(user: $0, server: .lid) }
    }

    /// The phone number of a LID, as far as it is known.
    package func phone(of lid: JID) async throws(RequestError) -> JID? {
        guard lid.server == .lid else { return lid.server == .user ? lid.withoutDevice : nil }
        do {
            try await load([RecordKey(.phoneOfLID, lid.user)])
        } catch {
            throw .store(error)
        }
        return hot.phones[lid.user].map { JID(user: $0, server: .user) }
    }

    /// The address under which a device's ratchets are kept: its LID wherever that is known.
    func signalAddress(of device: JID) async throws(StoreError) -> JID {
        var device = device
        if device.server == .legacyUser { device.server = .user }
        guard device.server == .user || device.server == .hosted else { return device }
        try await load([RecordKey(.lidOfPhone, device.user)])
        guard let lid = hot.lids[device.user] else { return device }
        var address = JID(user: lid, server: device.server == .hosted ? .hostedLID : .lid)
        address.device = device.device
        return address
    }

    /// Brings the ratchets with a device into memory; the address under which they are.
    ///
    /// Nothing waits between its return and what the caller does next: what is read is what is written.
    func loadedAddress(of device: JID) async throws(StoreError) -> JID {
        while true {
            let address = try await signalAddress(of: device)
            try await loadSession(at: address)
            // A LID that has become known meanwhile takes the ratchets with it.
            guard device.server == .user || device.server == .hosted, let lid = hot.lids[device.user],
                lid != address.user
            else { return address }
        }
    }

    /// Brings a device's sender key of a group into memory, and gives its name; one kept under its phone number moves.
    @discardableResult
    func loadSenderKey(at address: JID, in group: JID) async throws(StoreError) -> String {
        let name = "\(group)|\(address.signalName)"
        try await load([RecordKey(.senderKey, name)])
        guard hot.senderKeys[name] == nil, let old = try await formerAddress(of: address) else { return name }
        let oldName = "\(group)|\(old.signalName)"
        try await load([RecordKey(.senderKey, oldName)])
        guard let moved = hot.senderKeys[oldName], hot.senderKeys[name] == nil else { return name }
        hot.senderKeys.set(name, moved, commit: outbox.number)
        hot.senderKeys.set(oldName, nil, commit: outbox.number)
        return name
    }

    /// The address by phone number of what is kept by LID; nil where none is known.
    func formerAddress(of address: JID) async throws(StoreError) -> JID? {
        guard address.server == .lid || address.server == .hostedLID else { return nil }
        try await load([RecordKey(.phoneOfLID, address.user)])
        guard let phone = hot.phones[address.user] else { return nil }
        return JID(user: phone, server: address.server == .lid ? .user : .hosted, device: address.device)
    }

    /// Brings a device's ratchets into memory; those kept under its phone number move to its LID.
    func loadSession(at address: JID) async throws(StoreError) {
        try await load([RecordKey(.signalSession, address.signalName)])
        guard hot.sessions[address.signalName] == nil, let old = try await formerAddress(of: address) else { return }
        try await load([RecordKey(.signalSession, old.signalName)])
        guard let moved = hot.sessions[old.signalName], hot.sessions[address.signalName] == nil else { return }
        hot.sessions.set(address.signalName, moved, commit: outbox.number)
        hot.sessions.set(old.signalName, nil, commit: outbox.number)
    }
}
