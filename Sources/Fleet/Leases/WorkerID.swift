import Database
import SignalProtocol

/// A process that holds sessions, over its restarts: whoever comes back under the same number has its sessions at once.
package struct WorkerID: Hashable, Sendable, RawRepresentable, SQLEncodable, SQLDecodable {
    package static let fileName = "worker.id"

    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func random() -> WorkerID {
        WorkerID(rawValue: Int64.random(in: 1...Int64.max))
    }

    /// Reads the number from a folder, or draws one at the first start.
    package static func loadOrCreate(inFolder folder: String) throws(KeyFileError) -> WorkerID {
        let bytes = try KeyFile.loadOrCreate("\(folder)/\(fileName)", length: 8)
        let number = bytes.withBytes { $0.reduce(0) { $0 << 8 | Int64($1) } }
        return WorkerID(rawValue: number & Int64.max)
    }
}
