/// A session folder of Baileys in one JSON object: file names to contents.
///
/// Contents are JSON texts or the JSON itself. The single file of old versions, `{"creds": {...}, "keys": {...}}`, is taken
/// for a folder as well.
struct SessionFolder: Sendable {
    let credentials: JSONValue
    /// All files but the credentials.
    let files: [JSONValue.Member]
    let otherFiles: Int
    let hasPreKeys: Bool
    let hasAppStateKeys: Bool

    /// The error for a folder that lacks the one file that matters.
    static let withoutCredentials = CredentialsImportError.missingField("creds.json")

    /// Nil when the object is no folder.
    init?(_ value: JSONValue) throws(CredentialsImportError) {
        guard case .object(let members) = value, !members.contains(where: { $0.name == "noiseKey" }) else { return nil }
        if let file = members.first(where: { $0.name == "creds.json" })?.value {
            credentials = try Self.content(file)
            files = members.filter { $0.name != "creds.json" }
            otherFiles = members.count - 1
            hasPreKeys = members.contains { $0.name.hasPrefix("pre-key-") }
            hasAppStateKeys = members.contains { $0.name.hasPrefix("app-state-sync-key-") }
            return
        }
        if let file = members.first(where: { $0.name == "creds" })?.value {
            let keys = members.first { $0.name == "keys" }.map(\.value)
            credentials = try Self.content(file)
            files = Self.files(in: keys)
            otherFiles = members.count - 1
            hasPreKeys = Self.holds("preKeys", in: keys)
            hasAppStateKeys = Self.holds("appStateSyncKeys", in: keys)
            return
        }
        guard members.contains(where: { $0.name.hasSuffix(".json") }) else { return nil }
        throw Self.withoutCredentials
    }

    private static func content(_ file: JSONValue) throws(CredentialsImportError) -> JSONValue {
        guard case .string(let text) = file else { return file }
        return try JSONValue.parse(text.utf8, limits: .credentials)
    }

    /// The categories of the single file, by the names that files of today have.
    private static func files(in keys: JSONValue?) -> [JSONValue.Member] {
        let names = [
            "preKeys": "pre-key", "sessions": "session", "senderKeys": "sender-key",
            "senderKeyMemory": "sender-key-memory", "appStateSyncKeys": "app-state-sync-key",
            "appStateVersions": "app-state-sync-version",
        ]
        guard case .object(let categories) = keys else { return [] }
        return categories.flatMap { category -> [JSONValue.Member] in
            guard let name = names[category.name], case .object(let entries) = category.value else { return [] }
            return entries.map { entry in
                let id = entry.name.replacing("/", with: "__").replacing(":", with: "-")
                return JSONValue.Member(name: "\(name)-\(id).json", value: entry.value)
            }
        }
    }

    private static func holds(_ category: String, in keys: JSONValue?) -> Bool {
        guard case .object(let categories) = keys,
            case .object(let entries) = categories.first(where: { $0.name == category })?.value
        else { return false }
        return !entries.isEmpty
    }
}
