import CLibPQ

/// Where a database is and how to sign in there; it holds a password, so it shows none of its content.
package struct ConnectionString: Sendable, Equatable {
    private var settings: [String: String]

    /// Reads `postgres://user:password@host/database?…` or `host=… dbname=…`, with everything that libpq understands.
    ///
    /// - Throws: ``ConnectionStringError``, which quotes nothing of the text.
    package init(parsing text: String) throws(ConnectionStringError) {
        guard text.utf8.contains(where: { $0 != 0x20 }) else { throw .empty }
        guard !text.utf8.contains(0) else { throw .malformed }
        guard let options = PQconninfoParse(text, nil) else { throw .malformed }
        defer { PQconninfoFree(options) }
        var settings: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                settings[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        self.settings = settings
    }

    /// A server of our own, behind a Unix socket that asks for no password.
    init(socketFolder: String, user: String, database: DatabaseName) {
        settings = ["host": socketFolder, "user": user, "dbname": database.text]
    }

    /// The same server and user, another database.
    package func selecting(_ database: DatabaseName) -> ConnectionString {
        var copy = self
        copy.settings["dbname"] = database.text
        return copy
    }

    /// Lends the keywords and values, both ended by nil.
    func withPointers(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?) -> Void
    ) {
        var all = settings
        all["client_encoding"] = "UTF8"
        all["application_name"] = settings["application_name"] ?? "wharf"
        // A dead network is noticed even by what cannot be bounded otherwise, such as a request to cancel.
        all["tcp_user_timeout"] = settings["tcp_user_timeout"] ?? "10000"
        let pairs = Array(all)
        CStringArray(pairs.map(\.key)).withPointers { keywords in
            CStringArray(pairs.map(\.value)).withPointers { values in body(keywords, values) }
        }
    }
}

extension ConnectionString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "ConnectionString" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package enum ConnectionStringError: Error, Equatable {
    case empty
    /// Neither a PostgreSQL URL nor a list of `keyword=value`.
    case malformed
}
