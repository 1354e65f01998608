internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// What a session folder of Baileys holds beside the credentials, as records of ours (credentials.md 3).
///
/// With them a session goes on where it was: no ratchet begins anew, and no sender key is handed out again.
package struct FolderRecords: Sendable {
    /// To be written before the session connects.
    package private(set) var batch = StoreBatch()
    /// Files that nobody can read; what they were for comes about anew.
    package private(set) var unreadable = 0
    private var own: [String: OwnSenderKey] = [:]
    private var holders: [String: Set<String>] = [:]

    package var isEmpty: Bool { batch.isEmpty }

    /// Reads files by name, each a JSON text or the JSON itself; those that are of no use here are passed over.
    init(_ files: [JSONValue.Member]) {
        for file in files where file.name.hasSuffix(".json") && file.value != .null {
            do throws(CredentialsImportError) {
                try take(String(file.name.dropLast(5)), file.value)
            } catch {
                unreadable += 1
            }
        }
        for (group, key) in own {
            var shared = SharedSenderKey(key: key)
            shared.devices = holders[group] ?? []
            batch.put(.ownSenderKey, group, shared.encoded())
        }
    }

    private mutating func take(_ name: String, _ value: JSONValue) throws(CredentialsImportError) {
        if let id = Self.rest(of: name, after: "pre-key-") {
            try takePreKey(id, value)
        } else if let address = Self.rest(of: name, after: "session-") {
            guard Self.isAddress(address) else { throw .invalidValue(field: name) }
            let session = try BaileysSession.decode(Self.json(value))
            guard session.currentParts != nil || !session.archivedParts.isEmpty else { return }
            batch.put(.signalSession, address, session.serialized())
        } else if let group = Self.rest(of: name, after: "sender-key-memory-") {
            try takeMemory(group, value)
        } else if let id = Self.rest(of: name, after: "sender-key-") {
            try takeSenderKey(id, value)
        } else if let id = Self.rest(of: name, after: "app-state-sync-key-") {
            try takeAppStateKey(id.replacing("__", with: "/"), value)
        } else if let collection = Self.rest(of: name, after: "app-state-sync-version-") {
            try takeAppState(collection, value)
        } else if let user = Self.rest(of: name, after: "lid-mapping-") {
            try takeMapping(user, value)
        } else if let user = Self.rest(of: name, after: "tctoken-"), user != "__index" {
            try takeToken(user, value)
        }
    }

    private mutating func takePreKey(_ id: String, _ value: JSONValue) throws(CredentialsImportError) {
        guard let number = UInt32(id), (1...LoginEngine.lastPreKeyID).contains(number) else {
            throw .invalidValue(field: "pre-key")
        }
        let pair = try Self.record(value).keyPair()
        batch.put(.preKey, String(number), pair.privateKey.reveal())
    }

    /// `<group>--<user>--<device>`; the own one has its private half.
    private mutating func takeSenderKey(_ id: String, _ value: JSONValue) throws(CredentialsImportError) {
        let parts = id.components(separatedBy: "--")
        guard parts.count == 3, let group = Self.group(parts[0]), Self.isAddress("\(parts[1]).\(parts[2])") else {
            throw .invalidValue(field: "sender-key")
        }
        let file = try BaileysSenderKey.decode(Self.json(value))
        if let key = file.own {
            own[group] = key
        } else {
            batch.put(.senderKey, "\(group)|\(parts[1]).\(parts[2])", file.record.serialized())
        }
    }

    /// Which devices have the own key: `{"<device jid>": true}`.
    private mutating func takeMemory(_ name: String, _ value: JSONValue) throws(CredentialsImportError) {
        guard let group = Self.group(name) else { throw .invalidValue(field: "sender-key-memory") }
        let record = try Self.record(value)
        for device in record.names where try record.bool(device) == true {
            if let jid = JID(device) { holders[group, default: []].insert(jid.signalName) }
        }
    }

    private mutating func takeAppStateKey(_ id: String, _ value: JSONValue) throws(CredentialsImportError) {
        guard let bytes = Base64.decode(id), let key = AppStateKeyID(bytes) else {
            throw .invalidValue(field: "app-state-sync-key")
        }
        let record = try Self.record(value)
        var content = WAAppStateSyncKeyData()
        content.keyData = Data(try record.bytes("keyData", count: 32))
        if record.value("fingerprint") != nil {
            let fingerprint = try record.record("fingerprint")
            if fingerprint.value("rawId") != nil {
                content.fingerprint.rawID = try fingerprint.number("rawId", in: 0...UInt32.max)
            }
            if fingerprint.value("currentIndex") != nil {
                content.fingerprint.currentIndex = try fingerprint.number("currentIndex", in: 0...UInt32.max)
            }
        }
        content.timestamp = record.milliseconds("timestamp") ?? 0
        guard let bytes: [UInt8] = try? content.serializedBytes() else { throw .invalidValue(field: "keyData") }
        batch.put(.appStateKey, key.recordName, bytes)
    }

    /// `{"version", "hash", "indexValueMap": {"<index MAC>": {"valueMac"}}}`.
    private mutating func takeAppState(_ name: String, _ value: JSONValue) throws(CredentialsImportError) {
        guard let collection = AppStateCollection(rawValue: name) else { return }
        let record = try Self.record(value)
        let number = UInt64(try record.integer("version", in: 0...(1 << 53)))
        guard number > 0 else { return }
        guard let hash = LTHash(try record.bytes("hash", count: LTHash.size)) else {
            throw .invalidValue(field: "hash")
        }
        var macs: [RecordKey: StoreBatch.RecordChange] = [:]
        for (index, entry) in try record.record("indexValueMap").records() {
            guard let mac = Base64.decode(index), mac.count == 32 else { throw .invalidValue(field: "indexValueMap") }
            macs[collection.macKey(mac)] = .put(try entry.bytes("valueMac", count: 32), expires: nil)
        }
        batch.records.merge(macs) { $1 }
        let known = KnownCollection(version: AppStateVersion(number: number, hash: hash))
        batch.put(.appStateVersion, collection.rawValue, known.serialized)
    }

    /// `lid-mapping-<number>` holds the LID, `lid-mapping-<LID>_reverse` the number.
    private mutating func takeMapping(_ user: String, _ value: JSONValue) throws(CredentialsImportError) {
        let text = try Self.content(value)
        guard case .string(let other) = text, Self.isUser(other) else { throw .invalidValue(field: "lid-mapping") }
        let isReverse = user.hasSuffix("_reverse")
        let known = isReverse ? String(user.dropLast("_reverse".count)) : user
        guard Self.isUser(known) else { throw .invalidValue(field: "lid-mapping") }
        let (phone, lid) = isReverse ? (other, known) : (known, other)
        batch.put(.lidOfPhone, phone, Array(lid.utf8))
        batch.put(.phoneOfLID, lid, Array(phone.utf8))
    }

    private mutating func takeToken(_ name: String, _ value: JSONValue) throws(CredentialsImportError) {
        guard let user = JID(name)?.withoutDevice, user.isPerson else { throw .invalidValue(field: "tctoken") }
        let record = try Self.record(value)
        var token = PrivacyToken()
        if record.value("token") != nil { token.token = try record.bytes("token") }
        token.timestamp = UInt64(max(0, record.milliseconds("timestamp") ?? 0))
        token.issuedAt = UInt64(max(0, record.milliseconds("senderTimestamp") ?? 0))
        batch.put(.privacyToken, user.description, token.encoded())
    }

    // MARK: Names and values

    private static func rest(of name: String, after prefix: String) -> String? {
        name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }

    private static func isUser(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// `<user>[_<domain>].<device>`, as our records name devices too.
    private static func isAddress(_ text: String) -> Bool {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 2, UInt16(halves[1]) != nil else { return false }
        let user = halves[0].split(separator: "_", omittingEmptySubsequences: false)
        return user.count <= 2 && isUser(String(user[0])) && (user.count < 2 || ["1", "128", "129"].contains(user[1]))
    }

    private static func group(_ name: String) -> String? {
        guard let jid = JID(name), jid.server == .group || jid.server == .broadcast else { return nil }
        return jid.description
    }

    /// The JSON in a file: a text holds it, or it stands there itself.
    private static func content(_ value: JSONValue) throws(CredentialsImportError) -> JSONValue {
        guard case .string(let text) = value else { return value }
        guard let first = text.utf8.first, "{[\"".utf8.contains(first) else { return value }
        return try JSONValue.parse(text.utf8, limits: .folder)
    }

    private static func record(_ value: JSONValue) throws(CredentialsImportError) -> BaileysRecord {
        try BaileysRecord(file: try content(value))
    }

    private static func json(_ value: JSONValue) -> [UInt8] {
        guard case .string(let text) = value else { return Array(value.text.utf8) }
        return Array(text.utf8)
    }
}

extension BaileysRecord {
    /// A time as a number or as digits; nil where there is none.
    fileprivate func milliseconds(_ name: String) -> Int64? {
        switch value(name) {
        case .number(let text), .string(let text): JSONValue.integer(text)
        default: nil
        }
    }
}
