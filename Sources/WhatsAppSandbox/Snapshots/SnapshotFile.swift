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

    /// What the file holds, once it is known that it can be written too; nil when there is none yet.
    func open() throws(SandboxError) -> Snapshot? {
        let snapshot = try read()
        guard replace(temporary, with: Data()), (try? FileManager.default.removeItem(atPath: temporary)) != nil else {
            throw .unusableSnapshot(path: path, reason: "it cannot be written")
        }
        return snapshot
    }

    /// Replaces the file as a whole; only its owner may read it, as it holds private keys.
    func write(_ snapshot: Snapshot) throws {
        guard replace(temporary, with: try snapshot.encoded), rename(temporary, path) == 0 else {
            throw SandboxError.unusableSnapshot(path: path, reason: "it cannot be written")
        }
    }

    private var temporary: String { path + ".new" }

    private func replace(_ path: String, with bytes: Data) -> Bool {
        try? FileManager.default.removeItem(atPath: path)
        return FileManager.default.createFile(
            atPath: path,
            contents: bytes,
            attributes: [.posixPermissions: 0o600]
        )
    }
}
