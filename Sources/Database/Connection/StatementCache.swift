/// The statements that one connection has prepared, by their text and the types of their parameters.
///
/// Texts are literals of the source, so there is a limited number of them; what comes after the limit is not prepared.
struct StatementCache {
    enum Lookup: Equatable {
        case prepared(name: String)
        /// The statement is to be prepared under this name, and then remembered.
        case prepare(name: String)
        case full
    }

    private struct Key: Hashable {
        let text: String
        let types: [SQLType]

        init(_ statement: SQL) {
            text = statement.text
            types = statement.parameters.map(\.type)
        }
    }

    private let limit: Int
    private var names: [Key: String] = [:]
    private var nextNumber = 1

    init(limit: Int = 256) {
        self.limit = limit
    }

    /// Looks for the statement, giving every new one a name of its own.
    mutating func look(for statement: SQL) -> Lookup {
        if let name = names[Key(statement)] { return .prepared(name: name) }
        guard names.count < limit else { return .full }
        defer { nextNumber += 1 }
        return .prepare(name: "wharf_\(nextNumber)")
    }

    mutating func remember(_ statement: SQL, as name: String) {
        names[Key(statement)] = name
    }

    mutating func forget(_ statement: SQL) {
        names[Key(statement)] = nil
    }
}
