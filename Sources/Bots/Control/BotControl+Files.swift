package import Foundation
import WhatsApp

extension BotControl {
    private var files: FileRepository { FileRepository(database: database) }

    /// The files that rules and commands of the bot send.
    package func files(of id: BotID, for caller: BotCaller) async throws -> [ListedFile] {
        _ = try await hosting.find(id, for: caller)
        return try await files.list(id)
    }

    /// Keeps a file for rules and commands; what nothing refers to goes after a day.
    package func add(_ file: BotFile, to id: BotID, by caller: BotCaller) async throws -> ListedFile {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        try file.check()
        var file = file
        if [.image, .sticker].contains(file.kind), let format = ImageFormat(file.bytes) {
            file.mimeType = format.mimeType
        }
        try await files.sweep(id, before: now.addingTimeInterval(-86_400))
        try await files.save(file, of: id, at: now)
        return ListedFile(
            id: file.id,
            kind: file.kind,
            mimeType: file.mimeType,
            name: file.name,
            bytes: file.bytes.count,
            createdAt: now
        )
    }

    /// Throws ``AutomationError/unknown`` for a file that there is not.
    package func file(_ file: UUID, of id: BotID, for caller: BotCaller) async throws -> BotFile {
        _ = try await hosting.find(id, for: caller)
        guard let found = try await files.find(file, of: id) else { throw AutomationError.unknown }
        return found
    }

    /// Throws ``AutomationError/inUse`` for a file that a rule or a command sends.
    package func deleteFile(_ file: UUID, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        guard try await files.delete(file, of: id) else {
            throw try await files.has(file, of: id) ? AutomationError.inUse : AutomationError.unknown
        }
    }

    func requireFile(_ file: UUID?, of id: BotID) async throws {
        guard let file, try await !files.has(file, of: id) else { return }
        throw AutomationError.invalid(.file)
    }
}
