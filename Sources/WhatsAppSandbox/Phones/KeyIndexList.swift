import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppProtobufs

/// The list of valid key indexes that a phone has signed, as it is shown to everybody who asks for its devices.
struct KeyIndexList: Sendable, Equatable, Codable {
    /// Unix seconds.
    var timestamp: UInt64
    /// An encoded `ADVSignedKeyIndexList`.
    var signed: [UInt8]

    init(timestamp: UInt64, signed: [UInt8]) {
        self.timestamp = timestamp
        self.signed = signed
    }

    /// Signs a list; index 0, the phone's own, comes first.
    init(
        rawID: UInt32,
        highest: UInt32,
        companions: some Sequence<UInt32>,
        timestamp: UInt64,
        identity: Curve25519KeyPair,
        using random: inout some RandomNumberGenerator
    ) throws {
        var list = WAADVKeyIndexList()
        list.rawID = rawID
        list.timestamp = timestamp
        list.currentIndex = highest
        list.validIndexes = [0] + companions.sorted()
        let details: Data = try list.serializedBytes()
        var signed = WAADVSignedKeyIndexList()
        signed.details = details
        signed.accountSignature = Data(
            XEdDSA.sign(SignaturePrefix.keyIndexList + details, with: identity, using: &random)
        )
        self.init(timestamp: timestamp, signed: try signed.serializedBytes())
    }
}

/// The two bytes in front of what an identity key signs, by purpose (ADV).
enum SignaturePrefix {
    static let account: [UInt8] = [6, 0]
    static let device: [UInt8] = [6, 1]
    static let keyIndexList: [UInt8] = [6, 2]
}
