import Foundation
import Settings
import Web

/// Where the program finds its own files and keeps those of its users.
enum Places {
    static func share(_ settings: ServerSettings) throws(ShareFolderError) -> ShareFolder {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return try ShareFolder.locate(named: settings.shareFolder, executable: program ?? CommandLine.arguments[0])
    }

    /// The absolute path of the data folder, which need not exist yet.
    static func data(_ settings: ServerSettings) throws(Failure) -> String {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = settings.dataFolder ?? DataFolder.customary(environment: environment) else {
            throw Failure("there is no home folder to keep data in; name a folder with --data", status: .configuration)
        }
        return URL(filePath: folder).standardizedFileURL.path
    }

    /// The folder for the files of running commands, without what a crash has left there.
    static func scratch(in dataFolder: String) throws(Failure) -> URL {
        let folder = "\(dataFolder)/commands"
        try? FileManager.default.removeItem(atPath: folder)
        try make(folder)
        return URL(filePath: folder, directoryHint: .isDirectory)
    }

    /// Makes a folder that only its owner may read, where it is not there yet.
    static func make(_ folder: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(
                "the data folder \(folder) cannot be made: \(String(cString: strerror(errno)))",
                status: .unavailable
            )
        }
    }
}
