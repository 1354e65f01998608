internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs

/// A collection as the store keeps it.
struct KnownCollection: Sendable, Equatable {
    var version = AppStateVersion()
    var checks = AppStateChecks.all

    /// The version's form, and a last byte that tells how it is checked.
    var serialized: [UInt8] { version.serialized + [checks == .all ? 0 : 1] }

    init(version: AppStateVersion = AppStateVersion(), checks: AppStateChecks = .all) {
        self.version = version
        self.checks = checks
    }

    /// Nil for a record of another form: the collection then counts as unknown.
    init?(serialized: [UInt8]) {
        guard let flag = serialized.last, flag <= 1,
            let version = AppStateVersion(serialized: serialized.dropLast())
        else { return nil }
        self.init(version: version, checks: flag == 0 ? .all : .recordsOnly)
    }
}

extension AppStateKeyID {
    /// The name of the key's record.
    var recordName: String { hexadecimal(bytes) }

    init?(recordName: String) {
        let digits = Array(recordName.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[start...start + 1], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.init(bytes)
    }
}

extension AppStateKeys {
    /// From the record of a key: the encoded AppStateSyncKeyData that came.
    init?(id: AppStateKeyID, record: [UInt8]) {
        guard let stored = try? WAAppStateSyncKeyData(serializedBytes: record) else { return nil }
        self.init(id: id, key: stored.keyData)
    }
}

extension AppStateCollection {
    /// What the names of all its value MACs start with.
    var macPrefix: String { rawValue + "|" }

    func macKey(_ indexMAC: [UInt8]) -> RecordKey {
        RecordKey(.appStateMAC, macPrefix + hexadecimal(indexMAC))
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
