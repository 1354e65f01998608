package import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension FolderRecords {
    /// A file of a session folder.
    package typealias File = (name: String, content: [UInt8])

    private static let page = 500

    /// Writes what a store holds as Baileys keeps it: `creds.json` and its many files.
    ///
    /// The session must not run meanwhile, nor afterwards: whoever has the folder goes on with its ratchets. Messages,
    /// device lists and settings are left out; they come about anew.
    package static func files(
        of credentials: Credentials,
        in store: some SessionStore,
        at now: Date
    ) async throws -> [File] {
        var files: [File] = []
        var newestKey: AppStateKeyID?
        for kind in [
            RecordKind.preKey, .signalSession, .senderKey, .ownSenderKey, .appStateKey, .appStateVersion, .lidOfPhone,
            .phoneOfLID, .privacyToken,
        ] {
            for record in try await all(kind, in: store) {
                if kind == .appStateKey, let id = AppStateKeyID(recordName: record.name) {
                    if newestKey.map({ id.isPreferred(over: $0) }) ?? true { newestKey = id }
                }
                files += try await Self.files(kind, record.name, record.value, credentials, store, now)
            }
        }
        let main = try BaileysCredentials.encode(credentials, appStateKey: newestKey?.bytes)
        return [("creds.json", main)] + files
    }

    private static func all(_ kind: RecordKind, prefix: String = "", in store: some SessionStore) async throws
        -> [(name: String, value: [UInt8])]
    {
        var records: [(name: String, value: [UInt8])] = []
        while true {
            let part = try await store.list(kind, prefix: prefix, after: records.last?.name, limit: page)
            records += part
            guard part.count == page else { return records }
        }
    }

    private static func files(
        _ kind: RecordKind,
        _ name: String,
        _ value: [UInt8],
        _ credentials: Credentials,
        _ store: some SessionStore,
        _ now: Date
    ) async throws -> [File] {
        switch kind {
        case .preKey:
            let pair = try Curve25519KeyPair(privateKey: value)
            var file = BaileysWriter()
            pair.privateKey.withBytes { file.buffer("private", $0) }
            file.buffer("public", pair.publicKey)
            return [Self.file("pre-key-\(name)", file)]
        case .signalSession:
            return [("session-\(name).json", BaileysSession.encode(try SignalSession(serialized: value), at: now))]
        case .senderKey:
            guard let key = keyName(name) else { return [] }
            return [("sender-key-\(key).json", BaileysSenderKey.encode(try SenderKeyRecord(serialized: value)))]
        case .ownSenderKey: return try await ownKey(of: name, value, credentials, store)
        case .appStateKey: return try appStateKey(name, value)
        case .appStateVersion: return try await appState(name, value, store)
        case .lidOfPhone: return [("lid-mapping-\(name).json", quoted(value))]
        case .phoneOfLID: return [("lid-mapping-\(name)_reverse.json", quoted(value))]
        case .privacyToken:
            let token = try PrivacyToken(encoded: value)
            var file = BaileysWriter()
            if !token.token.isEmpty {
                file.buffer("token", token.token)
                file.text("timestamp", String(token.timestamp))
            }
            if token.issuedAt > 0 { file.integer("senderTimestamp", Int64(clamping: token.issuedAt)) }
            return [Self.file("tctoken-\(name)", file)]
        default: return []
        }
    }

    /// The own key under the name that the account has in the group, and the devices that have it.
    private static func ownKey(
        of group: String,
        _ value: [UInt8],
        _ credentials: Credentials,
        _ store: some SessionStore
    ) async throws -> [File] {
        guard let account = credentials.account else { return [] }
        let shared = try SharedSenderKey(encoded: value)
        let known = try await store.load(.group, group).flatMap { GroupMetadata(record: $0) }
        let own = known?.addressingMode == .phoneNumber ? account.jid : account.lid ?? account.jid
        guard let key = keyName("\(group)|\(own.signalName)") else { return [] }
        var memory = BaileysWriter()
        for device in shared.devices.sorted() {
            if let jid = JID(signalName: device) { memory.bool(jid.description, true) }
        }
        return [
            ("sender-key-\(key).json", BaileysSenderKey.encode(shared.key)),
            file("sender-key-memory-\(group)", memory),
        ]
    }

    private static func appStateKey(_ name: String, _ value: [UInt8]) throws -> [File] {
        guard let id = AppStateKeyID(recordName: name) else { return [] }
        let content = try WAAppStateSyncKeyData(serializedBytes: value)
        var file = BaileysWriter()
        file.text("keyData", Base64.encode(Array(content.keyData)))
        file.object("fingerprint") { fingerprint in
            fingerprint.number("rawId", content.fingerprint.rawID)
            fingerprint.number("currentIndex", content.fingerprint.currentIndex)
            fingerprint.emptyList("deviceIndexes")
        }
        file.text("timestamp", String(content.timestamp))
        return [Self.file("app-state-sync-key-\(Base64.encode(id.bytes))", file)]
    }

    private static func appState(_ name: String, _ value: [UInt8], _ store: some SessionStore) async throws -> [File] {
        // Of version 0 there is nothing to say.
        guard let collection = AppStateCollection(rawValue: name), let known = KnownCollection(serialized: value),
            known.version.number > 0
        else { return [] }
        let macs = try await all(.appStateMAC, prefix: collection.macPrefix, in: store)
        var file = BaileysWriter()
        file.integer("version", Int64(clamping: known.version.number))
        file.buffer("hash", known.version.hash.bytes)
        file.object("indexValueMap") { map in
            for mac in macs {
                let digits = String(mac.name.dropFirst(collection.macPrefix.count))
                guard let index = AppStateKeyID(recordName: digits) else { continue }
                map.object(Base64.encode(index.bytes)) { $0.buffer("valueMac", mac.value) }
            }
        }
        return [Self.file("app-state-sync-version-\(name)", file)]
    }

    // MARK: Names

    /// `<group>--<user>--<device>` of `<group>|<user>.<device>`.
    private static func keyName(_ name: String) -> String? {
        guard let bar = name.firstIndex(of: "|"), let dot = name.lastIndex(of: "."), bar < dot else { return nil }
        return "\(name[..<bar])--\(name[name.index(after: bar)..<dot])--\(name[name.index(after: dot)...])"
    }

    private static func quoted(_ value: [UInt8]) -> [UInt8] {
        Array(BaileysWriter.quoted(String(decoding: value, as: UTF8.self)).utf8)
    }

    private static func file(_ name: String, _ content: consuming BaileysWriter) -> File {
        let safe = name.replacing("/", with: "__").replacing(":", with: "-")
        return (safe + ".json", content.finish())
    }
}

extension JID {
    /// Reads `<user>[_<domain>].<device>`.
    fileprivate init?(signalName: String) {
        let halves = signalName.split(separator: ".")
        guard halves.count == 2, let device = UInt16(halves[1]) else { return nil }
        let user = halves[0].split(separator: "_")
        let server: Server? =
            switch user.dropFirst().first {
            case nil: .user
            case "1": .lid
            case "128": .hosted
            case "129": .hostedLID
            default: nil
            }
        guard let server, let name = user.first else { return nil }
        self.init(user: String(name), server: server, device: device)
    }
}
