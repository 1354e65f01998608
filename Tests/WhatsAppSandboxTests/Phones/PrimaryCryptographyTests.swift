import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs

@testable import WhatsAppSandbox

/// The phone's side of linking against the published vectors (deterministic keys, XEdDSA with 64 bytes of 22).
struct PrimaryCryptographyTests {
    private let companionIdentity = hex("2ebc0ddb68cad8579586354d9a16bd95679a3a80a5e447d4b8bcd2ffb48dc854")
    private let advSecret = hex("83307d4e96524de52e10a8a46c9389c695e4389d0ba7f8a5c15b1471f5754c74")

    private func keys() throws -> Phone.Keys {
        let identity = try Curve25519KeyPair(
            privateKey: hex("e8518b6a09801769c006c0587b6fbbd8236e3dfd4d8bffea2b47c7edfe091a7f")
        )
        var random = SystemRandomNumberGenerator()
        return Phone.Keys(
            identity: identity,
            signedPreKey: .generate(id: 1, identity: identity, using: &random),
            registrationID: 1,
            rawID: 305_419_896
        )
    }

    private func certificate() throws -> DeviceCertificate {
        var random = ConstantRandom(byte: 0x22)
        return try keys().certify(
            companionIdentity: companionIdentity,
            advSecret: advSecret,
            keyIndex: 2,
            timestamp: 1_766_000_000,
            using: &random
        )
    }

    private let container = hex(
        """
        0a780a1208f8acd1910110808b8cca06180220002800122
        0ae9a5f17c77026bf547d3d8ec00eed0b5c754aafb05dd29f508cbe8a6b5031641a405ec8884c901efe42ab0268a3eb111e3fe62565512255
        a84c7b530ede00a881b8a82f7e5a3d9e44fff78f75d925e42a4d7463b2b8ec600f6d963c212ba701f48e122096c98e856d85cff1b5a306986a
        bc7500e1d3b44c4a20942786ade2f48259055c
        """
    )

    @Test func certificateIsTheVector() throws {
        #expect(try certificate().container == container)
    }

    @Test func deviceSignatureCompletesTheIdentity() throws {
        let reply = hex(
            """
            0a1208f8acd1910110808b8cca061802200028001a405ec8884c901efe42ab0268a3eb111e3fe62565512255a84c7b530ede00a881b8a
            82f7e5a3d9e44fff78f75d925e42a4d7463b2b8ec600f6d963c212ba701f48e2240e8e898c7304edc8d887872e69fe976e1fb14dc5345
            bca755a677c0cc6bca9ed2d96e8686cd5a50db4dbcfe1771d7092c49ee71dd6d56f191aa5884a610129887
            """
        )
        let complete = try #require(
            try keys().complete(certificate(), with: reply, companionIdentity: companionIdentity)
        )
        let identity = try WAADVSignedDeviceIdentity(serializedBytes: complete)
        #expect(identity.accountSignatureKey == Data(try keys().identity.publicKey))
        #expect(identity.deviceSignature.count == 64)

        var forged = reply
        forged[forged.count - 1] ^= 4
        #expect(try keys().complete(certificate(), with: forged, companionIdentity: companionIdentity) == nil)
        var otherDetails = reply
        otherDetails[10] ^= 1
        #expect(try keys().complete(certificate(), with: otherDetails, companionIdentity: companionIdentity) == nil)
    }

    @Test func keyIndexListIsTheVector() throws {
        var random = ConstantRandom(byte: 0x22)
        let list = try KeyIndexList(
            rawID: 305_419_896,
            highest: 2,
            companions: [2],
            timestamp: 1_766_000_000,
            identity: try keys().identity,
            using: &random
        )
        #expect(
            list.signed
                == hex(
                    """
                    0a1208f8acd1910110808b8cca061802220200021240a51c4a297f0ca2c71159d9e022133cdd3b9aa9a43c0a581bae1cc23ad9482
                    2eb8a03f2e3062dad95fb3de3f97aeb61c520ba3755e9f3d7fdc812d636c6865e81
                    """
                )
        )
    }

    @Test func mistakesSpoilWhatTheyName() throws {
        var random = ConstantRandom(byte: 0x22)
        let good = try WAADVSignedDeviceIdentityHMAC(serializedBytes: container)
        let forgedMAC = try keys().certify(
            companionIdentity: companionIdentity,
            advSecret: advSecret,
            keyIndex: 2,
            timestamp: 1_766_000_000,
            mistake: .hmac,
            using: &random
        )
        let forgedSignature = try keys().certify(
            companionIdentity: companionIdentity,
            advSecret: advSecret,
            keyIndex: 2,
            timestamp: 1_766_000_000,
            mistake: .accountSignature,
            using: &random
        )
        let withMAC = try WAADVSignedDeviceIdentityHMAC(serializedBytes: forgedMAC.container)
        #expect(withMAC.details == good.details)
        #expect(withMAC.hmac != good.hmac)
        let withSignature = try WAADVSignedDeviceIdentityHMAC(serializedBytes: forgedSignature.container)
        #expect(withSignature.details != good.details)
    }

    // MARK: Code flow

    private static let wrappedCompanion = hex(
        """
        b9e6a733113bb1638c5d82d9a20403bd08f32492ed7512c344c4c1aaca4e2741f27a406c90f9edadb3465949d151d0f3
        45441d8e9036b4ea75888eacd8676f03fba55f8accbe560bb13832b2ff00bb1d
        """
    )
    private static let wrappedPrimary = hex(
        """
        96e671e1702777992236860007d7d3f26e330431ba43e450fc3974af5a991c6474352a9ad8fdad61a67eb2dc6d00e214713f6c26fb58023f
        cd7fbeb4788d388a1bb2746f9079f6cf6cab7d352fcfcb80
        """
    )
    private static let bundle = hex(
        """
        19954387db23eb4bc1f77214ea45637d76d747f1c4812c2f11edd9cf1df906d8724b0e0a275c6a50a51753ffb21db760c7e33c4511b9f626
        751e14e003c2bbbed2f9da97deae32f3e8d9372301f00c758451eae44e651c6c6c6843f9acb89549e13c4f61f54d21f17124f010373dcdb4
        60b2299e6edac2203f9948519b5a1a080db5766ff28c7d43c4fc706bc0444a695b0a6811945f082a0ba43a33
        """
    )

    private func exchange(code: String) throws -> PrimaryCodeExchange {
        try PrimaryCodeExchange(
            code: code,
            wrappedCompanionKey: Self.wrappedCompanion,
            ephemeral: try Curve25519KeyPair(
                privateKey: hex("40f9f4a00b52a541412f3f30cb1e14ea6598e4c7c7c432ab5585a89abb4dbc6a")
            ),
            salt: Array(Self.wrappedPrimary[..<32]),
            counter: Array(Self.wrappedPrimary[32..<48])
        )
    }

    @Test func codeExchangeIsTheVector() throws {
        let exchange = try exchange(code: "HTYX2DN2")
        #expect(exchange.wrapped == Self.wrappedPrimary)
        let secret = try exchange.advSecret(
            bundle: Self.bundle,
            companionIdentity: companionIdentity,
            identity: try keys().identity
        )
        #expect(secret == hex("b43fbc02bbb882bf272813b274fee82d42244b285645586d6b7ec534220adb8c"))
    }

    @Test func wrongCodeDoesNotOpenTheBundle() throws {
        let exchange = try exchange(code: "HTYX2DN3")
        #expect(throws: SandboxError.wrongCode) {
            try exchange.advSecret(
                bundle: Self.bundle,
                companionIdentity: companionIdentity,
                identity: try keys().identity
            )
        }
    }

    @Test func bundleForAnotherIdentityIsNotTaken() throws {
        let exchange = try exchange(code: "HTYX2DN2")
        var other = companionIdentity
        other[0] ^= 1
        #expect(throws: SandboxError.wrongCode) {
            try exchange.advSecret(bundle: Self.bundle, companionIdentity: other, identity: try keys().identity)
        }
    }

    @Test(arguments: ["HTYX-2DN2", "htyx 2dn2", " Htyx2dn2\n", "HTYX–2DN2"])
    func typedCodesLoseTheirSeparators(_ typed: String) {
        #expect(LinkingAlphabet.normalize(typed) == "HTYX2DN2")
    }

    @Test(arguments: ["", "HTYX2DN", "HTYX2DN22", "HTYX2DN0", "HTYX2DNÜ", String(repeating: "A", count: 100)])
    func whatIsNoCodeIsRefused(_ typed: String) {
        #expect(LinkingAlphabet.normalize(typed) == nil)
    }

    @Test func alphabetIsTheVector() {
        #expect(LinkingAlphabet.encode(hex("86bdd0b2a1")) == "HTYX2DN2")
    }
}
