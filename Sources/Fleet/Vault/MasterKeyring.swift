/// The master key, and those that it has replaced.
package struct MasterKeyring: Sendable {
    /// Wraps everything new.
    package let current: MasterKey
    private let keys: [String: MasterKey]

    package init(_ current: MasterKey, former: [MasterKey] = []) {
        self.current = current
        keys = Dictionary((former + [current]).map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// Those that `current` replaces.
    package var former: [MasterKey] { keys.values.filter { $0.id != current.id } }

    /// The key of that id, nil where it is none of these.
    subscript(id: String) -> MasterKey? { keys[id] }
}
