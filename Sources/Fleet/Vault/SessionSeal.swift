/// Seals texts that belong to one session with its key; what is sealed opens only there and under its name.
package struct SessionSeal: Sendable {
    let session: SessionID
    let key: DataKey

    package func seal(_ text: String, name: String) -> [UInt8] { seal(Array(text.utf8), name: name) }

    package func seal(_ bytes: [UInt8], name: String) -> [UInt8] {
        key.seal(bytes, in: .setting(of: session, name: name))
    }

    /// Nil for what was not sealed here under this name.
    package func open(_ sealed: [UInt8], name: String) -> String? {
        bytes(of: sealed, name: name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    package func bytes(of sealed: [UInt8], name: String) -> [UInt8]? {
        try? key.open(sealed, in: .setting(of: session, name: name))
    }
}
