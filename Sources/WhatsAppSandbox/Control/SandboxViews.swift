package import Foundation
import WhatsAppWire

/// A linked device as the control API and tests see it.
package struct SandboxDevice: Sendable, Equatable, Codable {
    /// 1 and up; the phone itself is 0.
    package let device: UInt16
    package let jid: String
    package let lid: String
    package let keyIndex: UInt32
    /// How the companion called itself when it was linked.
    package let name: String
    /// For example `chrome`.
    package let platform: String
    package let registrationID: UInt32
    package let linkedAt: Date
    package let lastSeen: Date?
    package let isConnected: Bool
    /// One-time keys that the server still has of it.
    package let preKeys: Int
    /// Stanzas that wait for it.
    package let pending: Int

    init(_ device: LinkedDevice, of phone: Phone, isConnected: Bool) {
        self.device = device.number
        jid = phone.jid(of: device.number).description
        lid = phone.lid(of: device.number).description
        keyIndex = device.keyIndex
        name = device.appearance.name
        platform = device.appearance.platform
        registrationID = device.keys.registrationID
        linkedAt = device.linkedAt
        lastSeen = device.lastSeen
        self.isConnected = isConnected
        preKeys = device.preKeys.count
        pending = device.outbox.count
    }
}

/// A simulated phone as the control API and tests see it.
package struct SandboxPhone: Sendable, Equatable, Codable {
    package let number: String
    package let jid: String
    package let lid: String
    package let name: String
    package let platform: String
    package let businessName: String?
    package let deviceLimit: Int
    /// Whether linking demands a passkey.
    package let passkey: Bool
    /// What the phone shows of a link under way.
    package let linking: LinkingView?
    /// The companion that waits for its code to be typed, as it calls itself: `Browser (OS)`.
    package let codeOfferedBy: String?
    package let devices: [SandboxDevice]

    package struct LinkingView: Sendable, Equatable, Codable {
        /// `bundle`, `assertion`, `nonce`, `request` or `signature`: what the companion owes next.
        package let awaiting: String
        /// The code to compare, in a passkey link.
        package let confirmationCode: String?
    }
}

extension ServerState {
    func view(of number: String) throws(SandboxError) -> SandboxPhone {
        guard let phone = phones[number] else { throw .unknownPhone }
        let linking = connections.values.lazy.compactMap { $0.registration?.linking }.first { $0.number == number }
        let offer = offers[number].flatMap { isValid($0) ? $0 : nil }
        return SandboxPhone(
            number: number,
            jid: phone.jid.description,
            lid: phone.lid.description,
            name: phone.name,
            platform: phone.account.platform.rawValue,
            businessName: phone.account.businessName,
            deviceLimit: phone.deviceLimit,
            passkey: phone.passkey != nil,
            linking: linking.map(SandboxPhone.LinkingView.init),
            codeOfferedBy: offer?.display,
            devices: deviceViews(of: phone)
        )
    }

    func deviceViews(of phone: Phone) -> [SandboxDevice] {
        phone.devices.values.sorted { $0.number < $1.number }.map { device in
            let address = DeviceAddress(number: phone.account.number, device: device.number)
            return SandboxDevice(device, of: phone, isConnected: online[address] != nil)
        }
    }

    func views() -> [SandboxPhone] {
        phones.values
            .sorted { ($0.account.createdAt, $0.account.number) < ($1.account.createdAt, $1.account.number) }
            .compactMap { try? view(of: $0.account.number) }
    }
}

extension SandboxPhone.LinkingView {
    init(_ linking: Linking) {
        switch linking.stage {
        case .bundle: self.init(awaiting: "bundle", confirmationCode: nil)
        case .assertion: self.init(awaiting: "assertion", confirmationCode: nil)
        case .nonce: self.init(awaiting: "nonce", confirmationCode: nil)
        case .request(_, let code): self.init(awaiting: "request", confirmationCode: code)
        case .signature: self.init(awaiting: "signature", confirmationCode: nil)
        }
    }
}
