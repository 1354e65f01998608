/// A group of bots that read the same kind of session ID.
package struct BotFamily: Sendable, Hashable, Identifiable {
    /// Lower case, stable; goes into forms and URLs.
    package let id: String
    package let name: String
    package let dialect: SessionIDDialect
    package let prefix: SessionIDPrefix
    /// What somebody who chooses it should know.
    package let note: String?

    private init(
        _ id: String,
        _ name: String,
        _ dialect: SessionIDDialect,
        prefix: SessionIDPrefix = .standard,
        note: String? = nil
    ) {
        self.id = id
        self.name = name
        self.dialect = dialect
        self.prefix = prefix
        self.note = note
    }

    package static let all: [BotFamily] = [
        BotFamily("any", "Any Baileys bot", .tildeGzip, note: "Most bots cut at the ~ and unpack what follows."),
        BotFamily("gifted", "Gifted", .tildeGzip, prefix: SessionIDPrefix(known: "Gifted")),
        BotFamily("silva", "Silva", .tildeGzip, prefix: SessionIDPrefix(known: "Silva")),
        BotFamily("guru", "Guru", .tildeGzip, prefix: SessionIDPrefix(known: "GURU")),
        BotFamily("ali-md", "ALI-MD", .tildeGzip, prefix: SessionIDPrefix(known: "ALI-MD")),
        BotFamily("popkid", "POPKID", .tildeGzip, prefix: SessionIDPrefix(known: "POPKID")),
        BotFamily("prince-md", "PRINCE-MD", .tildeGzip, prefix: SessionIDPrefix(known: "PRINCE-MD")),
        BotFamily("ik", "IK", .tildeGzip, prefix: SessionIDPrefix(known: "IK")),
        BotFamily("jk", "JK", .tildeGzip, prefix: SessionIDPrefix(known: "JK")),
        BotFamily("meshtech", "MeshTech", .tildeGzip, prefix: SessionIDPrefix(known: "MeshTech")),
        BotFamily("knightbot", "KnightBot", .exclamationGzip, prefix: SessionIDPrefix(known: "KnightBot")),
        BotFamily("bwm-xmd", "BWM-XMD", .semicolonsGzip, prefix: SessionIDPrefix(known: "BWM-XMD")),
        BotFamily(
            "mega-md",
            "MEGA-MD",
            .credentialsFile,
            note: "It reads IDs that point into somebody's storage; put the file into its session folder instead."
        ),
        BotFamily("plain-base64", "Readers of bare base64", .bare, note: "Early generators wrote this form."),
        BotFamily(
            "baileys",
            "Baileys with a session folder",
            .credentialsFile,
            note: "For useMultiFileAuthState: save it as creds.json in an empty session folder."
        ),
    ]

    package static func named(_ id: String) -> BotFamily? {
        all.first { $0.id == id }
    }
}
