import WhatsAppWire

/// How a stanza names people: by phone number or by LID.
enum AddressingForm: Sendable, CaseIterable {
    case phoneNumber
    case lid

    init(_ server: JID.Server) {
        switch server {
        case .lid, .hostedLID: self = .lid
        default: self = .phoneNumber
        }
    }

    var other: AddressingForm { self == .lid ? .phoneNumber : .lid }

    /// The value of `addressing_mode`.
    var mode: BinaryNode.Value { self == .lid ? "lid" : "pn" }
}

extension ServerState {
    /// The number of the account that a JID means, by number or by LID.
    func number(of jid: JID) -> String? {
        switch jid.server {
        case .user, .legacyUser, .hosted: phones.index(forKey: jid.user).map { phones.keys[$0] }
        case .lid, .hostedLID: numbers[jid.user]
        default: nil
        }
    }

    /// The device that a JID means; nil when there is none.
    func address(of jid: JID) -> DeviceAddress? {
        guard let number = number(of: jid) else { return nil }
        guard jid.device == 0 || phones[number]?.devices[jid.device] != nil else { return nil }
        return DeviceAddress(number: number, device: jid.device)
    }

    /// A device's JID in one of its two forms.
    func jid(of address: DeviceAddress, by form: AddressingForm) -> JID {
        switch form {
        case .phoneNumber: JID(user: address.number, server: .user, device: address.device)
        case .lid: JID(user: phones[address.number]?.account.lid ?? "", server: .lid, device: address.device)
        }
    }

    /// Every device of an account, the phone first.
    func allDevices(of number: String) -> [DeviceAddress] {
        guard let companions = phones[number]?.devices.keys else { return [] }
        return ([0] + companions.sorted()).map { DeviceAddress(number: number, device: $0) }
    }
}
