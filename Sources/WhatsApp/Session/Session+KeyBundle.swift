internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import SignalProtocol
internal import WhatsAppWire

extension Session {
    /// How often the service's copy of the device's keys is compared with the own one.
    private static let keyBundleAge: TimeInterval = 7 * 86_400
    private static let keyBundleSetting = "key_bundle_checked"

    /// Compares what the service gives to those who begin a session with this device, and hands it in anew where it is
    /// another.
    ///
    /// A session that has never compared takes its first turn within the interval, so that many at once are no burst.
    func checkKeyBundle() async {
        let time = now.timeIntervalSince1970
        let stored = try? await read(.setting, Self.keyBundleSetting)
        guard let last = stored.flatMap({ TimeInterval(String(decoding: $0, as: UTF8.self)) }) else {
            let past = TimeInterval.random(in: 0..<Self.keyBundleAge, using: &random)
            return keepKeyBundleCheck(at: time - past)
        }
        guard time - last >= Self.keyBundleAge else { return }
        do {
            let answer = try await request(Stanzas.request("get", "encrypt", children: [BinaryNode("digest")]))
            // A service that has no answer is no reason to make new keys.
            guard let digest = answer.child("digest") else { return keepKeyBundleCheck(at: time) }
            if try await isOwn(digest) { return keepKeyBundleCheck(at: time) }
            note(.warning, "The service has other keys of this device than it should; they are handed in anew.")
        } catch {
            guard case RequestError.refused(code: 404, _, _) = error else { return }
            note(.warning, "The service has lost the keys of this device; they are handed in anew.")
        }
        keepKeyBundleCheck(at: time)
        connection.handler?.value.perform { $0.handInPreKeys() }
    }

    private func keepKeyBundleCheck(at time: TimeInterval) {
        outbox.staged.put(.setting, Self.keyBundleSetting, Array(String(Int(time)).utf8))
        flushSoon()
    }

    /// Whether a digest is that of the own keys, as they are stored.
    private func isOwn(_ digest: BinaryNode) async throws -> Bool {
        let ids = (digest.child("list")?.children("id") ?? []).prefix(4096).compactMap { Self.number($0) }
        let registration = Self.number(digest.child("registration"))
        let signed = credentials.signedPreKey
        let signedID = Self.number(digest.child("skey")?.child("id"))
        guard registration == nil || registration == credentials.registrationID,
            signedID == nil || signedID == signed.id, let hash = digest.child("hash")?.bytes
        else { return false }
        let stored = try await store.load(ids.map { RecordKey(.preKey, String($0)) })
        // One that is not here can be given to somebody whose message then cannot be read.
        let privateKeys = ids.compactMap { stored[RecordKey(.preKey, String($0))] }
        guard privateKeys.count == ids.count else { return false }
        let identity = credentials.identityKey.publicKey
        let own = try await environment.computePool.runIfActive {
            KeyBundleDigest.digest(
                identityKey: identity,
                signedPreKey: signed.keyPair.publicKey,
                signature: signed.signature,
                preKeys: privateKeys.map { (try? Curve25519KeyPair(privateKey: $0).publicKey) ?? [] }
            )
        }
        return Array(hash) == own
    }

    private static func number(_ node: BinaryNode?) -> UInt32? {
        node?.bytes?.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
}
