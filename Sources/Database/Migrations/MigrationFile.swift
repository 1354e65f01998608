import Crypto
import Foundation

/// One step of the schema: a file `NNNN_name.sql`.
package struct MigrationFile: Sendable, Equatable {
    package let number: Int
    /// The name of the file, for example `0007_pause_campaigns.sql`.
    package let name: String
    let text: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    let checksum: String

    /// Reads all steps of a folder in their order; files that do not end in `.sql` are left alone.
    ///
    /// - Throws: ``MigrationError`` for a folder that cannot be read, a name of another form, a gap, or a number used twice.
    package static func all(in folder: String) throws(MigrationError) -> [MigrationFile] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw .unreadable(folder)
        }
        var files: [MigrationFile] = []
        for name in names.filter({ $0.hasSuffix(".sql") }).sorted() {
            files.append(try MigrationFile(name: name, folder: folder))
        }
        for (expected, file) in zip(1..., files) {
            if file.number < expected { throw .duplicateNumber(file.number) }
            if file.number > expected { throw .gap(missing: expected) }
        }
        return files
    }

    private init(name: String, folder: String) throws(MigrationError) {
        guard let match = name.wholeMatch(of: #/([0-9]{4})_[a-z0-9_]+\.sql/#), let number = Int(match.1) else {
            throw .malformedName(name)
        }
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)"),
            let text = String(bytes: bytes, encoding: .utf8), !text.utf8.contains(0)
        else { throw .unreadable(name) }
        self.number = number
        self.name = name
        self.text = text
        checksum = SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0\(digits)" : digits
        }.joined()
    }
}
