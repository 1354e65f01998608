import Foundation

/// The programs of one installed PostgreSQL.
struct ServerPrograms: Sendable, Equatable {
    let folder: String
    let majorVersion: Int

    var initdb: String { "\(folder)/initdb" }
    var postgres: String { "\(folder)/postgres" }

    /// Where Debian puts each major version into a folder of its own.
    static let standardRoot = "/usr/lib/postgresql"

    /// The installed versions, the newest first.
    static func installed(below root: String = standardRoot) -> [ServerPrograms] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return
            names
            .compactMap { name in Int(name).map { ServerPrograms(folder: "\(root)/\(name)/bin", majorVersion: $0) } }
            .filter(\.isComplete)
            .sorted { $0.majorVersion > $1.majorVersion }
    }

    /// Whether both programs are there.
    var isComplete: Bool {
        [initdb, postgres].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Picks the programs for a folder whose `PG_VERSION` is given; the newest for a folder that is yet to be made.
    static func choose(
        from installed: [ServerPrograms],
        searched: String,
        for folder: String,
        folderVersion: String?
    ) throws(ClusterError) -> ServerPrograms {
        guard let newest = installed.first else { throw .noPrograms(searched: searched) }
        guard let folderVersion else { return newest }
        guard let fitting = installed.first(where: { "\($0.majorVersion)" == folderVersion }) else {
            throw .otherVersion(
                folder: folder,
                folderVersion: folderVersion,
                installed: installed.map(\.majorVersion)
            )
        }
        return fitting
    }

    /// Reads the major version out of `postgres (PostgreSQL) 15.20 (Debian …)`.
    static func majorVersion(in text: String) -> Int? {
        guard let mark = text.firstRange(of: "(PostgreSQL) ") else { return nil }
        return Int(text[mark.upperBound...].prefix { $0.isNumber })
    }
}
