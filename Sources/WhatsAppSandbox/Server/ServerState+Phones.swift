import Foundation
import SignalProtocol
import WhatsAppWire

extension ServerState {
    /// A new simulated phone with keys of its own.
    mutating func createPhone(_ order: NewPhone) throws(SandboxError) -> Phone {
        try order.check()
        guard phones[order.number] == nil else { throw .phoneExists }
        var lid: String
        repeat {
            lid = String(UInt64.random(in: 100_000_000_000_000...999_999_999_999_999, using: &random))
        } while numbers[lid] != nil
        let keys = Phone.Keys.generate(using: &random)
        let list: KeyIndexList
        do {
            list = try KeyIndexList(
                rawID: keys.rawID,
                highest: 0,
                companions: [],
                timestamp: unixTime,
                identity: keys.identity,
                using: &random
            )
        } catch {
            throw .invalid(field: "number", reason: "The phone's keys could not be made.")
        }
        var phone = Phone(
            account: Phone.Account(
                number: order.number,
                lid: lid,
                platform: order.platform,
                businessName: order.businessName,
                createdAt: now,
                isLIDMigrated: order.isLIDMigrated
            ),
            keys: keys,
            name: order.name,
            deviceLimit: order.deviceLimit ?? settings.deviceLimit,
            passkey: order.hasPasskey ? VirtualAuthenticator.generate(using: &random) : nil,
            keyIndexList: list
        )
        phone.sendsReceipts = order.sendsReceipts
        phones[order.number] = phone
        numbers[lid] = order.number
        add(.save)
        return phone
    }

    /// The phone and all its companions are gone, as after deleting the account.
    mutating func deletePhone(_ number: String) throws(SandboxError) {
        guard let phone = phones[number] else { throw .unknownPhone }
        leaveAllGroups(number)
        for (id, connection) in connections where connection.registration?.linking?.number == number {
            failLinking(on: id, with: .unknownPhone)
        }
        phones[number] = nil
        numbers[phone.account.lid] = nil
        offers[number] = nil
        tokens.forget(number)
        accounts.forget(number)
        for device in phone.devices.keys {
            if let id = online[DeviceAddress(number: number, device: device)] { dismiss(id) }
        }
        add(.save)
    }

    /// The phone removes companions: one, or all.
    mutating func unlink(_ device: UInt16?, of number: String) throws(SandboxError) {
        guard let phone = phones[number] else { throw .unknownPhone }
        if let device, phone.devices[device] == nil { throw .unknownDevice }
        for removed in device.map({ [$0] }) ?? phone.devices.keys.sorted() { remove(removed, of: number) }
    }

    private mutating func remove(_ number: UInt16, of owner: String) {
        guard var phone = phones[owner], let device = phone.devices.removeValue(forKey: number) else { return }
        try? phone.signKeyIndexes(timestamp: unixTime, using: &random)
        phones[owner] = phone
        let gone = DeviceAddress(number: owner, device: number)
        for other in phones.keys where phones[other]?.signal.sessions[gone] != nil {
            phones[other]?.signal.forget(gone)
        }
        add(.save)
        if let id = online[DeviceAddress(number: owner, device: number)] { dismiss(id) }
        announce("remove", device, of: phone)
    }

    /// Tells the account's other companions, and those of whom it writes with, that one has come or gone.
    mutating func announce(_ change: String, _ device: LinkedDevice, of phone: Phone) {
        let own = phone.devices.keys.sorted().filter { $0 != device.number }
            .map { DeviceAddress(number: phone.account.number, device: $0) }
        let others = phone.correspondents.sorted().flatMap { allDevices(of: $0).dropFirst() }
        for other in own + others {
            let id = newStanzaID()
            let node = BinaryNode(
                "notification",
                [
                    "from": .jid(phone.jid), "type": "devices", "id": .text(id), "t": .text(String(unixTime)),
                    "lid": .jid(phone.lid),
                ],
                children: [
                    BinaryNode(
                        change,
                        ["device_hash": .text(deviceHash(of: phone))],
                        children: [
                            BinaryNode(
                                "device",
                                [
                                    "jid": .jid(phone.jid(of: device.number)),
                                    "key-index": .text(String(device.keyIndex)),
                                    "lid": .jid(phone.lid(of: device.number)),
                                ]
                            ),
                            keyIndexNode(of: phone),
                        ]
                    )
                ]
            )
            deliver(node, id: id, to: other)
        }
    }

    func keyIndexNode(of phone: Phone) -> BinaryNode {
        BinaryNode(
            "key-index-list",
            ["ts": .text(String(phone.keyIndexList.timestamp))],
            bytes: phone.keyIndexList.signed
        )
    }

    /// Signs with a phone's passkey.
    mutating func passkeyAssertion(of number: String, for options: PasskeyOptions) throws -> PasskeyAssertion {
        guard phones[number] != nil else { throw SandboxError.unknownPhone }
        guard var authenticator = phones[number]?.passkey else { throw SandboxError.noPasskey }
        let assertion = try authenticator.assert(options)
        phones[number]?.passkey = authenticator
        add(.save)
        return assertion
    }
}

/// What a new phone is to be like.
package struct NewPhone: Sendable {
    package var number: String
    package var name: String
    package var platform: SandboxPlatform
    package var businessName: String?
    /// Nil for the sandbox's own limit.
    package var deviceLimit: Int?
    /// Whether linking a companion to it demands a passkey.
    package var hasPasskey: Bool
    /// Whether the account's private chats are addressed by LID, and its companions told so.
    package var isLIDMigrated: Bool
    /// Whether authors are told that their messages have arrived; what a message costs without that can be measured.
    package var sendsReceipts: Bool

    package init(
        number: String,
        name: String? = nil,
        platform: SandboxPlatform = .android,
        businessName: String? = nil,
        deviceLimit: Int? = nil,
        hasPasskey: Bool = false,
        isLIDMigrated: Bool = true,
        sendsReceipts: Bool = true
    ) {
        self.number = number
        self.name = name ?? "Phone \(number.suffix(4))"
        self.platform = platform
        self.businessName = businessName
        self.deviceLimit = deviceLimit
        self.hasPasskey = hasPasskey
        self.sendsReceipts = sendsReceipts
        self.isLIDMigrated = isLIDMigrated
    }

    func check() throws(SandboxError) {
        guard
            (7...15).contains(number.utf8.count),
            number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            !number.hasPrefix("0")
        else {
            throw .invalid(field: "number", reason: "A number has 7 to 15 digits and does not start with 0.")
        }
        guard !name.isEmpty, name.utf8.count <= 100 else {
            throw .invalid(field: "name", reason: "A name has 1 to 100 bytes.")
        }
        if let businessName, businessName.isEmpty || businessName.utf8.count > 100 {
            throw .invalid(field: "businessName", reason: "A business name has 1 to 100 bytes.")
        }
        if let deviceLimit, !(0...98).contains(deviceLimit) {
            throw .invalid(field: "deviceLimit", reason: "Between 0 and 98 devices can be linked.")
        }
    }
}
