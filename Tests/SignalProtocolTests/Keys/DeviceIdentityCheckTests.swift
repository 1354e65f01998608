import SwiftProtobuf
import Testing
import WhatsAppProtobufs

import struct Foundation.Data

@testable import SignalProtocol

struct DeviceIdentityCheckTests {
    private let account: Curve25519KeyPair
    private let companion: Curve25519KeyPair

    init() {
        var random = SeededGenerator(seed: 1)
        account = .generate(using: &random)
        companion = .generate(using: &random)
    }

    private func identity(
        prefixes: (account: [UInt8], device: [UInt8]) = ([6, 0], [6, 1]),
        namesAccount: Bool = true,
        signer: Curve25519KeyPair? = nil
    ) throws -> [UInt8] {
        var random = SeededGenerator(seed: 2)
        let details: [UInt8] = [0x08, 0x05, 0x18, 0x02]
        let key = companion.publicKey
        var identity = WAADVSignedDeviceIdentity()
        identity.details = Data(details)
        if namesAccount { identity.accountSignatureKey = Data(account.publicKey) }
        identity.accountSignature = Data(
            XEdDSA.sign(prefixes.account + details + key, with: signer ?? account, using: &random)
        )
        identity.deviceSignature = Data(
            XEdDSA.sign(prefixes.device + details + key + account.publicKey, with: companion, using: &random)
        )
        return try identity.serializedBytes()
    }

    @Test func signedCompanionIsGenuine() throws {
        let bytes = try identity()
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: nil) == .genuine)
    }

    @Test func hostedCompanionIsGenuine() throws {
        let bytes = try identity(prefixes: ([6, 5], [6, 6]))
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: nil) == .genuine)
    }

    @Test func prefixesOfTwoKindsDoNotMix() throws {
        let bytes = try identity(prefixes: ([6, 5], [6, 1]))
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: nil) == .refused)
    }

    @Test func knownAccountKeyStandsInForAnAbsentOne() throws {
        let bytes = try identity(namesAccount: false)
        let known = account.publicKey
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: known) == .genuine)
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: nil) == .undecided)
    }

    @Test func signatureOfAnotherAccountIsRefused() throws {
        let bytes = try identity(signer: companion)
        #expect(DeviceIdentityCheck.check(bytes, companionKey: companion.publicKey, accountKey: nil) == .refused)
    }

    @Test func otherCompanionIsRefused() throws {
        let bytes = try identity()
        #expect(DeviceIdentityCheck.check(bytes, companionKey: account.publicKey, accountKey: nil) == .refused)
        #expect(DeviceIdentityCheck.check([0xff], companionKey: companion.publicKey, accountKey: nil) == .refused)
        #expect(DeviceIdentityCheck.check(bytes, companionKey: [], accountKey: nil) == .refused)
    }
}
