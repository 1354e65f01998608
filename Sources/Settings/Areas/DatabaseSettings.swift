/// Which PostgreSQL, and how hard it may be used.
package struct DatabaseSettings: Sendable {
    /// Nil for a private cluster in the data folder.
    package var url: Secret<String>?
    package var connections: Int
    package var statementTimeLimit: Duration

    init(reading reader: inout SettingsReader) {
        reader.begin("Database")
        url = reader.secret(
            "DATABASE_URL",
            SettingType(
                expectation: "a PostgreSQL address such as postgres://user:password@host/name",
                parse: { text in
                    let isAddress = ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
                    return isAddress || text.contains("=") ? text : nil
                },
                write: { $0 }
            ),
            help: "PostgreSQL to use. Without it Wharf starts a private one in its data folder."
        )
        connections = reader.value(
            "WHARF_DATABASE_CONNECTIONS",
            .wholeNumber(1...200),
            standard: 8,
            help: "Connections to the database at most."
        )
        statementTimeLimit = reader.value(
            "WHARF_DATABASE_TIMEOUT",
            .duration(.seconds(1) ... .seconds(600)),
            standard: .seconds(15),
            help: "How long one statement may take."
        )
    }
}
