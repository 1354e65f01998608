import Foundation
import WhatsApp

/// A session folder of Baileys on this machine's disk.
struct SessionFolderOnDisk {
    let path: String

    private var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    var exists: Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Makes the folder, for nobody else to look into; one that has something in it is not written to.
    func create() throws {
        if exists {
            guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
                throw Failure("\(path) is not empty")
            }
        }
        do {
            try FileManager.default.createDirectory(
                at: url,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure("\(path) cannot be made")
        }
    }

    func write(_ content: String, to name: String) throws {
        guard !name.contains("/"), name != ".", name != ".." else { throw Failure("\(name) is no file name") }
        let file = url.appending(path: name)
        guard
            FileManager.default.createFile(
                atPath: file.path,
                contents: Data(content.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else { throw Failure("\(file.path) cannot be written") }
    }

    /// All of its JSON files as one text.
    func packed() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".json") }.sorted()
        let files = try names.map { name in
            guard let content = FileManager.default.contents(atPath: url.appending(path: name).path) else {
                throw Failure("\(path)/\(name) cannot be read")
            }
            return (name: name, content: Array(content))
        }
        return try SessionIDCodec.encode(folder: files).reveal()
    }
}
