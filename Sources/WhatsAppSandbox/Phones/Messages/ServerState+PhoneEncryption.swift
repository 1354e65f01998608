import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// The keys to begin a session with a device; a one-time key is used up.
    mutating func takeBundle(of target: DeviceAddress) -> PreKeyBundle? {
        guard let phone = phones[target.number] else { return nil }
        guard target.device == 0 else {
            guard let keys = phone.devices[target.device]?.keys else { return nil }
            let key = takePreKey(of: target)
            warnOfLowPreKeys(target)
            return PreKeyBundle(
                registrationID: keys.registrationID,
                identityKey: keys.identity,
                signedPreKeyID: keys.signedPreKey.id,
                signedPreKey: keys.signedPreKey.value,
                signature: keys.signedPreKey.signature,
                preKey: key.map { ($0.id, $0.value) }
            )
        }
        let key = phones[target.number]?.signal.oneTimeKeys.issue(using: &random)
        return PreKeyBundle(
            registrationID: phone.keys.registrationID,
            identityKey: phone.keys.identity.publicKey,
            signedPreKeyID: phone.keys.signedPreKey.id,
            signedPreKey: phone.keys.signedPreKey.keyPair.publicKey,
            signature: phone.keys.signedPreKey.signature,
            preKey: key.map { ($0.id, $0.keyPair.publicKey) }
        )
    }

    /// A companion's oldest one-time key, which nobody gets again.
    mutating func takePreKey(of target: DeviceAddress) -> PreKeyStore.Key? {
        if faults.take(.exhaustPreKeys, number: target.number, device: target.device) { return nil }
        return phones[target.number]?.devices[target.device]?.preKeys.take()
    }

    /// Encrypts something for one device, with which a session is begun if there is none; nil when that cannot be.
    mutating func encrypt(
        _ padded: [UInt8],
        by number: String,
        for target: DeviceAddress,
        by form: AddressingForm,
        _ attributes: BinaryNode.Attributes
    ) -> BinaryNode? {
        // Mostly there is one.
        if let node = encryptInSession(padded, by: number, for: target, by: form, attributes) { return node }
        guard beginSession(of: number, with: target) else { return nil }
        return encryptInSession(padded, by: number, for: target, by: form, attributes)
    }

    private mutating func encryptInSession(
        _ padded: [UInt8],
        by number: String,
        for target: DeviceAddress,
        by form: AddressingForm,
        _ attributes: BinaryNode.Attributes
    ) -> BinaryNode? {
        change(number) { try? $0.signal.encrypt(padded, for: target, by: form, attributes) } ?? nil
    }

    /// Begins a session with keys that the server has; whether that was possible.
    mutating func beginSession(of number: String, with target: DeviceAddress) -> Bool {
        guard let bundle = takeBundle(of: target) else { return false }
        do {
            try phones[number]?.signal.start(with: target, bundle, using: &random)
            return true
        } catch {
            return false
        }
    }

    /// The message as it goes into encryption.
    mutating func padded(_ message: WAMessage) -> [UInt8] {
        // Encoding fails only for text that is no UTF-8 or a missing required field, and there are none.
        let plain: [UInt8] = (try? message.serializedBytes()) ?? []
        return Padding.add(to: plain, using: &random)
    }

    /// An identifier as that kind of phone makes them.
    mutating func newMessageID(of number: String) -> String {
        let isApple = phones[number]?.account.platform == .iphone || phones[number]?.account.platform == .smbi
        let bytes = randomBytes(isApple ? 9 : 16, using: &random)
        return (isApple ? "3A" : "") + Self.upperHex(bytes)
    }

    private static func upperHex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
