internal import Foundation

/// Why the share folder cannot be served from.
package enum ShareFolderError: Error, Equatable, CustomStringConvertible {
    case notFound(searched: [String])
    case missing(String)
    case unreadable(String)
    /// A template or page that is there and wrong; `reason` says where.
    case broken(String, reason: String)

    package var description: String {
        switch self {
        case .notFound(let searched):
            "No share folder (templates, web, migrations, docs) in \(searched.joined(separator: ", "))"
        case .missing(let file): "The share folder lacks \(file)"
        case .unreadable(let file): "The share folder's \(file) cannot be read"
        case .broken(let file, let reason): "The share folder's \(file) is broken: \(reason)"
        }
    }
}

/// The folder with `templates/`, `web/`, `migrations/` and `docs/`.
package struct ShareFolder: Sendable {
    package let path: String

    package var migrations: String { path + "/migrations" }

    /// Takes the folder named, else the one beside the installed executable, else the working directory.
    package static func locate(
        named: String?,
        executable: String,
        workingDirectory: String = FileManager.default.currentDirectoryPath
    ) throws(ShareFolderError) -> ShareFolder {
        if let named { return try ShareFolder(path: named) }
        let resolved = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
        let installed = resolved.deletingLastPathComponent().deletingLastPathComponent().path + "/share/wharf"
        for candidate in [installed, workingDirectory] where isFolder(candidate + "/templates") {
            return try ShareFolder(path: candidate)
        }
        throw .notFound(searched: [installed, workingDirectory])
    }

    /// Checks that the four folders are there; what is in them is checked by whoever reads it.
    package init(path: String) throws(ShareFolderError) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        for folder in ["templates", "web", "migrations", "docs"] where !Self.isFolder("\(self.path)/\(folder)") {
            throw .missing("\(folder)/")
        }
        let scripts = try files(in: "migrations").filter { $0.hasSuffix(".sql") }
        guard !scripts.isEmpty else { throw .missing("migrations/*.sql") }
    }

    /// The paths of all plain files below a folder, relative to it, in order.
    func files(in folder: String) throws(ShareFolderError) -> [String] {
        // An enumerator does not follow a link at its own root.
        let root = URL(fileURLWithPath: "\(path)/\(folder)").resolvingSymlinksInPath().path
        guard let names = FileManager.default.enumerator(atPath: root) else {
            throw .unreadable("\(folder)/")
        }
        var files: [String] = []
        for case let name as String in names
        where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            && !Self.isFolder("\(path)/\(folder)/\(name)")
        {
            files.append(name)
        }
        return files.sorted()
    }

    func contents(of file: String) throws(ShareFolderError) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: "\(path)/\(file)") else { throw .missing(file) }
        guard let content = FileManager.default.contents(atPath: "\(path)/\(file)") else { throw .unreadable(file) }
        return Array(content)
    }

    func text(of file: String) throws(ShareFolderError) -> String {
        guard let text = String(validating: try contents(of: file), as: UTF8.self) else {
            throw .broken(file, reason: "it is not UTF-8")
        }
        return text
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
