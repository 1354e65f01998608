import Foundation

/// The file that a snapshot lies in; reading and writing block, so they belong on a thread of their own.
struct SnapshotFile: Sendable {
    let path: String

    /// What the file holds; nil when there is none yet.
    func read() throws(SandboxError) -> Snapshot? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let snapshot: Snapshot
        do {
            snapshot = try Snapshot(decoding: try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unusableSnapshot(path: path, reason: "it cannot be read or is not a snapshot of the sandbox")
        }
        guard snapshot.version == Snapshot.version else {
            throw .unusableSnapshot(path: path, reason: "it has version \(snapshot.version), not \(Snapshot.version)")
        }
        return snapshot
    }

    /// Replaces the file as a whole; only its owner may read it, as it holds private keys.
    func write(_ snapshot: Snapshot) throws {
        let temporary = path + ".new"
        let bytes = try snapshot.encoded
        try? FileManager.default.removeItem(atPath: temporary)
        guard
            FileManager.default.createFile(
                atPath: temporary,
                contents: bytes,
                attributes: [.posixPermissions: 0o600]
            ),
            rename(temporary, path) == 0
        else { throw SandboxError.unusableSnapshot(path: path, reason: "it cannot be written") }
    }
}
