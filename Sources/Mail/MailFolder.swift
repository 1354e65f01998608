package import Foundation

/// A folder that mails are written to instead of being sent; for development and for servers without a mail server.
package struct MailFolder: MailTransport {
    /// A mail that lies in the folder.
    package struct Stored: Sendable, Equatable, Codable {
        package let id: String
        package let at: Date
        package let recipient: String
        package let subject: String
        package let body: String
    }

    private let path: String
    /// The newest that are kept.
    private static let limit = 200

    package init(path: String) {
        self.path = path
    }

    package func send(_ message: MailMessage) async throws(MailError) {
        let now = Date()
        let id = String(Int64(now.timeIntervalSince1970 * 1_000_000)) + "-" + UUID().uuidString.lowercased().prefix(8)
        let stored = Stored(
            id: id,
            at: now,
            recipient: message.recipient,
            subject: message.subject,
            body: message.body
        )
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try JSONEncoder().encode(stored).write(to: URL(filePath: "\(path)/\(id).json"), options: .atomic)
        } catch {
            throw .folder(reason: "\((error as? CocoaError)?.code.rawValue ?? 0)")
        }
        for name in names().dropFirst(Self.limit) { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }

    /// The mails that lie there, newest first.
    package func all() -> [Stored] {
        names().prefix(Self.limit).compactMap { name in
            guard let content = FileManager.default.contents(atPath: "\(path)/\(name)") else { return nil }
            return try? JSONDecoder().decode(Stored.self, from: content)
        }
    }

    private func names() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted(by: >)
    }
}
