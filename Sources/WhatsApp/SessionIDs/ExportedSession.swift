package import SignalProtocol

/// A session ID: the text that logs in as the linked device.
///
/// It is a secret. It has no description and no mirror, is read by `reveal()` alone, and its bytes are overwritten when the
/// last copy of the value goes.
package struct ExportedSession: Sendable, Equatable {
    package let dialect: SessionIDDialect
    private let bytes: SecretBytes

    package init(dialect: SessionIDDialect, bytes: SecretBytes) {
        self.dialect = dialect
        self.bytes = bytes
    }

    /// Length of the text; it is ASCII in every dialect but the file.
    package var byteCount: Int { bytes.count }

    /// The text, for the one who asked for it.
    package func reveal() -> String {
        bytes.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension ExportedSession: CustomStringConvertible, CustomReflectable {
    package var description: String { "ExportedSession(\(dialect.rawValue))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
