internal import SwiftProtobuf
internal import WhatsAppProtobufs

/// Whether a companion device belongs to the account that it is listed under.
///
/// Key bundles and retry receipts of companions carry `device-identity`, an encoded `ADVSignedDeviceIdentity`: the account
/// vouches for the companion's identity key, and the companion for the account's.
package enum DeviceIdentityCheck {
    package enum Outcome: Equatable, Sendable {
        case genuine
        /// The structure is not one, or a signature is not what it should be: no session with this device.
        case refused
        /// Neither the structure nor the caller knows the account's key.
        case undecided
    }

    /// The prefixes of what account and device sign; the second pair is that of devices that Meta hosts.
    private static let prefixes: [(account: [UInt8], device: [UInt8])] = [([6, 0], [6, 1]), ([6, 5], [6, 6])]

    /// Checks a companion's `device-identity`; `accountKey` is the identity key known of the user's device 0.
    package static func check(
        _ deviceIdentity: [UInt8],
        companionKey: [UInt8],
        accountKey: [UInt8]?
    ) -> Outcome {
        guard companionKey.count == Curve25519KeyPair.keyLength,
            let identity = try? WAADVSignedDeviceIdentity(serializedBytes: deviceIdentity)
        else { return .refused }
        let named = Array(identity.accountSignatureKey)
        guard let account = named.isEmpty ? accountKey : named else { return .undecided }
        let details = Array(identity.details)
        let isGenuine = prefixes.contains { prefix in
            XEdDSA.isValid(
                identity.accountSignature,
                for: prefix.account + details + companionKey,
                publicKey: account
            )
                && XEdDSA.isValid(
                    identity.deviceSignature,
                    for: prefix.device + details + companionKey + account,
                    publicKey: companionKey
                )
        }
        return isGenuine ? .genuine : .refused
    }
}
