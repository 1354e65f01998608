package import WhatsAppWire

extension Session {
    /// More than any account has.
    private static let labelLimit = 1_000

    /// The labels of a business account, by their position.
    package func labels() async throws(RequestError) -> [AppStateLabel] {
        let records = try await records(.label, prefix: "")
        return records.compactMap { AppStateLabel(id: $0.name, encoded: $0.value) }
            .sorted { ($0.position ?? .max, $0.id) < ($1.position ?? .max, $1.id) }
    }

    /// The labels that a chat has, under either of its names.
    package func labels(of chat: JID) async throws(RequestError) -> [AppStateLabel] {
        let names = await names(of: chat).map(\.bareText)
        var found: [AppStateLabel] = []
        for label in try await labels() {
            let keys = names.map { RecordKey(.labelled, StoreBatch.labelledName(label.id, chat: $0)) }
            do {
                if try await !store.load(keys).isEmpty { found.append(label) }
            } catch {
                throw .store(error)
            }
        }
        return found
    }

    /// The chats that have a label.
    package func chats(withLabel id: String) async throws(RequestError) -> [JID] {
        let prefix = StoreBatch.labelledName(id, chat: "")
        return try await records(.labelled, prefix: prefix).compactMap { record in
            let name = record.name.dropFirst(prefix.count)
            return name.contains("|") ? nil : JID(String(name))
        }
    }

    private func records(
        _ kind: RecordKind,
        prefix: String
    ) async throws(RequestError) -> [(name: String, value: [UInt8])] {
        do {
            return try await store.list(kind, prefix: prefix, after: nil, limit: Self.labelLimit)
        } catch {
            throw .store(error)
        }
    }
}

extension StoreBatch {
    static func labelledName(_ label: String, chat: String, message: String? = nil) -> String {
        "\(label)|\(chat)" + (message.map { "|\($0)" } ?? "")
    }

    /// Keeps a label, or forgets it with all that had it.
    mutating func take(_ label: AppStateLabel) {
        guard !label.id.contains("|"), label.id.utf8.count <= 128 else { return }
        guard label.isDeleted else { return put(.label, label.id, label.encoded()) }
        delete(.label, label.id)
        let prefix = RecordKey(.labelled, Self.labelledName(label.id, chat: ""))
        deletedPrefixes.append(prefix)
        records = records.filter { $0.key.kind != prefix.kind || !$0.key.name.hasPrefix(prefix.name) }
    }

    mutating func takeLabelling(_ label: String, chat: JID, message: String? = nil, _ isLabelled: Bool) {
        let name = Self.labelledName(label, chat: chat.bareText, message: message)
        guard !label.contains("|"), name.utf8.count <= 512 else { return }
        if isLabelled { put(.labelled, name, []) } else { delete(.labelled, name) }
    }
}

extension AppStateLabel {
    init?(id: String, encoded bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        guard let name = try? reader.text(), let color = try? reader.number(), let predefined = try? reader.number(),
            let position = try? reader.number()
        else { return nil }
        self.init(
            id: id,
            name: name,
            color: Int(clamping: color),
            predefinedID: predefined == 0 ? nil : Int(clamping: predefined - 1),
            position: position == 0 ? nil : Int(clamping: position - 1)
        )
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write(name.utf8.count <= 1_024 ? name : String(name.prefix(256)))
        writer.write(UInt64(clamping: color))
        writer.write(predefinedID.map { UInt64(clamping: $0) &+ 1 } ?? 0)
        writer.write(position.map { UInt64(clamping: $0) &+ 1 } ?? 0)
        return writer.bytes
    }
}
