/// Seals texts that belong to one session with its key; what is sealed opens only there and under its name.
package struct SessionSeal: Sendable {
    let session: SessionID
    let key: DataKey

    package func seal(_ text: String, name: String) -> [UInt8] {
        key.seal(Array(text.utf8), in: .setting(of: session, name: name))
    }

    /// Nil for what was not sealed here under this name.
    package func open(_ sealed: [UInt8], name: String) -> String? {
        guard let bytes = try? key.open(sealed, in: .setting(of: session, name: name)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
