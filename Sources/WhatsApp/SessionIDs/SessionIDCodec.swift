import Compression
package import Foundation
import SignalProtocol

/// Session IDs to credentials and back.
package enum SessionIDCodec {
    /// Longest text that is read, in UTF-8 bytes.
    package static let maximumLength = 2 << 20
    /// What a packed payload may unpack to.
    package static let maximumUnpackedLength = 4 << 20

    /// Writes credentials as one text.
    ///
    /// The same credentials, dialect and prefix give the same text. The prefix is left out where the dialect has none.
    package static func encode(_ credentials: Credentials, as dialect: SessionIDDialect, prefix: SessionIDPrefix)
        throws -> ExportedSession
    {
        let json = try BaileysCredentials.encode(credentials)
        guard dialect != .credentialsFile else {
            return ExportedSession(dialect: dialect, bytes: SecretBytes(json))
        }
        let payload = dialect.isCompressed ? try Compression.deflate(json, format: .gzip, level: 9) : json
        let front = dialect.separator.map { prefix.text + $0 } ?? ""
        return ExportedSession(dialect: dialect, bytes: SecretBytes(Array((front + Base64.encode(payload)).utf8)))
    }

    /// Writes a whole session folder as one text: base64(gzip({file name: content})).
    package static func encode(folder files: [(name: String, content: [UInt8])]) throws -> ExportedSession {
        var object = BaileysWriter()
        for file in files { object.text(file.name, String(decoding: file.content, as: UTF8.self)) }
        let packed = try Compression.deflate(object.finish(), format: .gzip, level: 9)
        return ExportedSession(dialect: .bare, bytes: SecretBytes(Array(Base64.encode(packed).utf8)))
    }

    /// Reads a session ID of any self-contained form.
    ///
    /// Prefix and separator do not matter, white space, quotes and `...` that copying leaves are taken away, both base64
    /// alphabets are read with or without padding, and a whole session folder is read with all that is of use in it
    /// (credentials.md 5.6). Texts that point elsewhere throw `pointer`; they are never followed.
    package static func decode(_ text: String) throws(SessionIDError) -> ImportedSessionID {
        guard text.utf8.count <= maximumLength else { throw .tooLong(limit: maximumLength) }
        let text = SessionIDText(text)
        guard !text.compact.isEmpty else { throw .empty }
        if text.isJSON {
            return try read(
                Array(text.trimmed.utf8),
                container: .json,
                front: SessionIDText.Front(prefix: nil, separator: nil)
            )
        }
        if let pointer = SessionIDPointer(text) { throw .pointer(pointer) }
        var failure: SessionIDError?
        for candidate in text.payloads() {
            do {
                return try read(candidate)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        throw text.looksCut ? .invalidBase64 : .unrecognised
    }

    private static func read(_ payload: SessionIDText.Payload) throws(SessionIDError) -> ImportedSessionID {
        guard let bytes = Base64.decode(payload.text) else { throw .invalidBase64 }
        // 1f 8b begins gzip, 78 zlib; JSON never begins with either.
        guard bytes.starts(with: [0x1F, 0x8B]) || bytes.first == 0x78 else {
            return try read(bytes, container: .base64, front: payload.front)
        }
        let unpacked: [UInt8]
        do throws(CompressionError) {
            unpacked = try Compression.inflate(bytes, format: .automatic, limit: maximumUnpackedLength)
        } catch {
            throw error == .tooLarge(limit: maximumUnpackedLength)
                ? .unpackedTooLarge(limit: maximumUnpackedLength) : .damagedCompression
        }
        return try read(unpacked, container: .base64Compressed, front: payload.front)
    }

    private static func read(_ json: [UInt8], container: SessionIDShape.Container, front: SessionIDText.Front)
        throws(SessionIDError) -> ImportedSessionID
    {
        do throws(CredentialsImportError) {
            let value = try JSONValue.parse(json, limits: .folder)
            let folder = try SessionFolder(value)
            if folder == nil, json.count > JSONLimits.credentials.bytes {
                throw .tooLarge(limit: JSONLimits.credentials.bytes)
            }
            let shape = SessionIDShape(
                container: container,
                prefix: front.prefix,
                separator: front.separator,
                folderFiles: folder?.otherFiles
            )
            let file = try BaileysCredentials.read(folder?.credentials ?? value)
            return ImportedSessionID(shape: shape, file: file, folder: folder)
        } catch {
            throw error == SessionFolder.withoutCredentials ? .folderWithoutCredentials : .credentials(error)
        }
    }
}

/// The credentials of a session ID and how they were written.
package struct ImportedSessionID: Sendable {
    package let shape: SessionIDShape
    package let credentials: Credentials
    private let file: BaileysCredentials.File
    private let folder: SessionFolder?

    init(shape: SessionIDShape, file: BaileysCredentials.File, folder: SessionFolder?) {
        self.shape = shape
        self.file = file
        self.folder = folder
        credentials = file.credentials
    }

    /// What else a session folder holds; nil for credentials alone.
    package func records() -> FolderRecords? {
        folder.map { FolderRecords($0.files) }
    }

    /// What may be told about it; `now` decides what is old.
    ///
    /// Nil for credentials that are not linked, which `SessionIDCodec` never returns.
    package func report(at now: Date) -> SessionIDReport? {
        guard let account = credentials.account else { return nil }
        return SessionIDReport(
            shape: shape,
            jid: account.jid,
            lid: account.lid,
            pushName: account.pushName,
            platform: account.platform,
            linkedAt: file.linkedAt,
            findings: findings(account, at: now)
        )
    }

    /// A service that has not seen a device for this long may have dropped it.
    private static let oldAfterDays = 30

    private func findings(_ account: Credentials.LinkedAccount, at now: Date) -> [SessionIDFinding] {
        var findings: [SessionIDFinding] = []
        let uploaded = credentials.firstUnuploadedPreKeyID
        if uploaded > 1, folder?.hasPreKeys != true { findings.append(.preKeysMissing(upTo: uploaded - 1)) }
        if file.namesAppStateKey, folder?.hasAppStateKeys != true { findings.append(.appStateKeyMissing) }
        if !file.isMarkedRegistered { findings.append(.markedUnregistered) }
        if account.lid == nil { findings.append(.lidMissing) }
        if account.platform == nil { findings.append(.platformMissing) }
        if let newest = [file.linkedAt, file.lastSyncAt].compactMap(\.self).max() {
            let days = Int(clamping: Int64((now.timeIntervalSince(newest) / 86_400).rounded(.down)))
            if days >= Self.oldAfterDays { findings.append(.old(days: days)) }
        }
        return findings
    }
}
