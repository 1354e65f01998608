import Foundation

/// The vectors of `Fixtures/ratchet.json`.
struct RatchetFixture: Decodable {
    struct Keys: Decodable {
        let aliceIdentityPrivate, aliceBasePrivate, aliceRatchet0Private: Hex
        let aliceRegistrationId: UInt32
        let bobIdentityPrivate, bobSignedPrekeyPrivate, bobSignedPrekeySignature, bobOneTimePrekeyPrivate: Hex
        let bobSignedPrekeyId, bobOneTimePrekeyId, bobRegistrationId: UInt32
    }

    struct Agreement: Decodable {
        let oneTimePrekeyUsed: Bool
        let derivedRootKey, derivedChainKey, rootKeyAfterInitiatorStep, initiatorSendingChainKey: Hex
    }

    struct Agreements: Decodable {
        let keys: Keys
        let cases: [Agreement]
    }

    struct ChainStep: Decodable {
        let chainKey, messageSeed, cipherKey, macKey, iv, nextChainKey: Hex
    }

    struct Chain: Decodable {
        let steps: [ChainStep]
    }

    struct Turn: Decodable {
        let newRatchetPrivate: Hex
    }

    struct ReceiverChain: Decodable {
        let ratchetPublic, chainKey: Hex
        let index: UInt32
        let storedMessageSeeds: [String: Hex]
    }

    struct State: Decodable {
        let rootKey, senderRatchetPublic, senderChainKey: Hex
        let senderChainIndex, previousCounter: UInt32
        let receiverChains: [ReceiverChain]
    }

    struct Step: Decodable {
        let action, by, name: String
        let plaintext: Hex
        let type: String?
        let signalMessage, prekeySignalMessage: Hex?
        let ratchetStep: Turn?
        let stateAfter: State?
    }

    struct Flows: Decodable {
        let withOneTimePrekey, withoutOneTimePrekey: [Step]
    }

    struct CrossingStep: Decodable {
        let by: String
        let plaintextUtf8, type: String?
        let bytes: Hex?
        let ratchetStep: Turn?
    }

    struct Crossing: Decodable {
        let bobBasePrivate, bobRatchet0Private, aliceSignedPrekeyPrivate, aliceOneTimePrekeyPrivate: Hex
        let aliceSignedPrekeySignature: Hex
        let steps: [CrossingStep]
    }

    struct GroupMessage: Decodable {
        let plaintextUtf8: String
        let iteration: UInt32
        let chainKey, signatureRandom, message, nextChainKey: Hex
    }

    struct SenderKey: Decodable {
        let keyId: UInt32
        let chainKey, signingPrivate: Hex
        let distributionMessageIteration0, distributionMessageIteration3: Hex
        let messages: [GroupMessage]
    }

    struct Digest: Decodable {
        let identity, signedPrekey, signature, sha1: Hex
        let prekeys: [Hex]
    }

    let x3dh: Agreements
    let chain: Chain
    let sessionFlow: Flows
    let simultaneousInitiation: Crossing
    let senderKey: SenderKey
    let keyBundleDigest: Digest

    static func load() throws -> RatchetFixture {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/ratchet.json")
        return try decoder.decode(RatchetFixture.self, from: Data(contentsOf: file))
    }
}
