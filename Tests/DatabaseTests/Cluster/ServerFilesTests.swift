import Foundation
import Testing
import WharfTestSupport

@testable import Database

struct ServerFilesTests {
    @Test func aLogThatGrewTooLargeKeepsItsLastLines() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/log"
            let log = ServerLog(path: path, limit: 1_000, remainder: 100)
            let lines = (100..<400).map { "line \($0)" }
            try write(lines.prefix(100).joined(separator: "\n"), to: path)
            log.trim()
            #expect(FileSystem.lines(of: path)?.count == 100)
            try write(lines.joined(separator: "\n") + "\n", to: path)
            log.trim()
            #expect(FileSystem.lines(of: path) == lines.suffix(11) + [""])
            // A missing one is no matter.
            ServerLog(path: "\(folder)/other").trim()
        }
    }

    @Test func aRelativeFolderIsMeantFromHere() {
        let here = FileManager.default.currentDirectoryPath
        #expect(PrivateClusterConfiguration(folder: "data/x/").folder == "\(here)/data/x")
        #expect(PrivateClusterConfiguration(folder: "/data/../x").folder == "/x")
    }

    @Test func programsFitTheFolder() throws {
        let new = ServerPrograms(folder: "/17", majorVersion: 17)
        let old = ServerPrograms(folder: "/15", majorVersion: 15)
        func choose(_ installed: [ServerPrograms], _ version: String?) throws(ClusterError) -> ServerPrograms {
            try ServerPrograms.choose(from: installed, searched: "/", for: "/data", folderVersion: version)
        }
        #expect(try choose([new, old], nil) == new)
        #expect(try choose([new, old], "15") == old)
        #expect(throws: ClusterError.noPrograms(searched: "/")) { try choose([], nil) }
        #expect(throws: ClusterError.otherVersion(folder: "/data", folderVersion: "16", installed: [17, 15])) {
            try choose([new, old], "16")
        }
    }

    @Test(arguments: [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", 15), ("postgres (PostgreSQL) 18beta1", 18),
        ("postgres", nil),
    ])
    func versionsAreRead(text: String, version: Int?) {
        #expect(ServerPrograms.majorVersion(in: text) == version)
    }
}
