package import Foundation
package import SignalProtocol
internal import WhatsAppWire

extension LoginEngine {
    /// Below this many the service is given a new batch.
    static let lowWaterMark = 5
    static let lastPreKeyID: UInt32 = 0xff_ffff

    /// Hands in pre-keys where the service has none, or asks it how many it has.
    mutating func ensurePreKeys(now: Date) -> [Action] {
        guard credentials.serverHasPreKeys else { return makePreKeys() }
        let id = requestIDs.next()
        let request = Stanzas.request("get", "encrypt", id: id, children: [BinaryNode("count")])
        return ask(request, id: id, as: .preKeyCount, now: now)
    }

    mutating func handlePreKeyCount(_ node: BinaryNode, now: Date) -> [Action] {
        let count = node.child("count")?.attributes.integer("value", as: Int.self) ?? 0
        return count < Self.lowWaterMark ? makePreKeys() : becomeActive(now: now)
    }

    /// The next number that no key has, those that are being made included.
    var freePreKeyID: UInt32 {
        if let skippedPreKeyID { return skippedPreKeyID }
        guard isMakingPreKeys, preKeys.isEmpty else { return credentials.nextPreKeyID }
        return Self.preKeyID(after: Self.batchSize, from: credentials.nextPreKeyID)
    }

    /// Numbers begin again after the last.
    static func preKeyID(after count: Int, from first: UInt32) -> UInt32 {
        let end = first + UInt32(count)
        return end > lastPreKeyID ? end - lastPreKeyID : end
    }

    /// Numbers below it have been given away by other means.
    mutating func skipPreKeys(to id: UInt32) {
        if isMakingPreKeys, preKeys.isEmpty {
            skippedPreKeyID = id
        } else {
            credentials.nextPreKeyID = id
        }
    }

    /// The signed pre-key that goes with what is handed in from now on.
    mutating func use(_ signedPreKey: SignedPreKey) {
        credentials.signedPreKey = signedPreKey
    }

    /// `<notification type="encrypt"><count value/></notification>`: the service runs low.
    mutating func handleNotification(_ node: BinaryNode, now: Date) -> [Action] {
        guard node.attributes.text("type") == "encrypt", Stanzas.isFromServer(node), node.child("count") != nil else {
            return []
        }
        credentials.serverHasPreKeys = false
        return makePreKeys()
    }

    /// Makes a new batch and hands it in together with identity and signed pre-key.
    package mutating func handInPreKeys() -> [EngineAction<Event>] {
        guard isActive, !hasEnded else { return [] }
        credentials.serverHasPreKeys = false
        return makePreKeys()
    }

    private mutating func makePreKeys() -> [Action] {
        guard !isMakingPreKeys, preKeys.isEmpty else { return [] }
        isMakingPreKeys = true
        return [.emit(.preKeysWanted)]
    }

    /// Hands in what an earlier connection has made in vain; a new batch is made where there is nothing.
    package mutating func storedPreKeys(_ keys: [PreKey], now: Date) -> [EngineAction<Event>] {
        guard isMakingPreKeys, preKeys.isEmpty, !hasEnded else { return [] }
        guard !keys.isEmpty else {
            return [.compute(.preKeys(first: credentials.nextPreKeyID, count: Self.batchSize))]
        }
        preKeys = keys
        credentials.nextPreKeyID = skippedPreKeyID ?? credentials.nextPreKeyID
        skippedPreKeyID = nil
        return uploadPreKeys(now: now)
    }

    package mutating func computed(_ outcome: Computation.Outcome, now: Date) -> [EngineAction<Event>] {
        guard case .preKeys(let made) = outcome, isMakingPreKeys, !hasEnded, let last = made.last else { return [] }
        preKeys = made
        credentials.nextPreKeyID = skippedPreKeyID ?? (last.id >= Self.lastPreKeyID ? 1 : last.id + 1)
        skippedPreKeyID = nil
        return [.emit(.preKeysMade(made, credentials))]
    }

    /// The keys are safe: now the service may hand them out.
    package mutating func preKeysStored(now: Date) -> [EngineAction<Event>] {
        uploadPreKeys(now: now)
    }

    mutating func uploadPreKeys(now: Date) -> [Action] {
        guard isMakingPreKeys, !preKeys.isEmpty, !hasEnded else { return [] }
        let keys = preKeys.map { key in
            BinaryNode(
                "key",
                children: [
                    BinaryNode("id", bytes: bigEndian(key.id, count: 3)),
                    BinaryNode("value", bytes: key.keyPair.publicKey),
                ]
            )
        }
        let signed = credentials.signedPreKey
        let id = requestIDs.next()
        let upload = Stanzas.request(
            "set",
            "encrypt",
            id: id,
            children: [
                BinaryNode("registration", bytes: bigEndian(credentials.registrationID, count: 4)),
                BinaryNode("type", bytes: [0x05]),
                BinaryNode("identity", bytes: credentials.identityKey.publicKey),
                BinaryNode("list", children: keys),
                BinaryNode(
                    "skey",
                    children: [
                        BinaryNode("id", bytes: bigEndian(signed.id, count: 3)),
                        BinaryNode("value", bytes: signed.keyPair.publicKey),
                        BinaryNode("signature", bytes: signed.signature),
                    ]
                ),
            ]
        )
        return ask(upload, id: id, as: .preKeyUpload, now: now)
    }

    mutating func handlePreKeyUpload(_ node: BinaryNode, now: Date) -> [Action] {
        guard node.attributes.text("type") == "result" else { return uploadFailed(now: now) }
        isMakingPreKeys = false
        preKeys = []
        failedUploads = 0
        credentials.serverHasPreKeys = true
        credentials.firstUnuploadedPreKeyID = credentials.nextPreKeyID
        return [.emit(.preKeysTaken(credentials))] + becomeActive(now: now)
    }

    /// The same keys are handed in again after a while; whatever else the connection is for goes on.
    mutating func uploadFailed(now: Date) -> [Action] {
        failedUploads += 1
        let pause = Self.uploadPause(after: failedUploads)
        return becomeActive(now: now) + [
            .schedule(.preKeyUpload, after: pause * Double.random(in: 0.75...1.25, using: &random))
        ]
    }

    /// Fibonacci's numbers in seconds, up to WhatsApp Web's longest.
    static func uploadPause(after failures: Int) -> Duration {
        var (pause, next) = (1, 2)
        for _ in 1..<max(failures, 1) where pause < 610 { (pause, next) = (next, pause + next) }
        return .seconds(min(pause, 610))
    }

    private mutating func becomeActive(now: Date) -> [Action] {
        guard !isActive else { return [] }
        isActive = true
        let id = requestIDs.next()
        let request = Stanzas.request("set", "passive", id: id, children: [BinaryNode("active")])
        return ask(request, id: id, as: .active, now: now)
    }
}
