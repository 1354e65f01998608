package import Foundation

/// One variable of a bot's environment, without the value where it is a secret.
package struct BotVariable: Sendable, Equatable {
    package let name: String
    /// Nil for a secret.
    package let value: String?
    package let isSecret: Bool
    package let updatedAt: Date
}

/// A variable as somebody wants it.
package struct VariableWish: Sendable, Equatable {
    package static let nameLimit = 64
    package static let valueLimit = 4_096
    /// In one environment.
    package static let countLimit = 100

    package let name: String
    /// Nil to leave a secret as it is.
    package let value: String?
    package let isSecret: Bool

    /// Takes a variable whose name and value are good; a known secret always is one.
    package init(name: String, value: String?, isSecret: Bool) throws(HostingError) {
        guard Self.isName(name) else {
            throw .invalidEnvironment(name: String(name.prefix(64)), .invalidName)
        }
        let known = KnownVariable.named(name)
        if let value {
            guard value.utf8.count <= Self.valueLimit else {
                throw .invalidEnvironment(name: name, .tooLong(Self.valueLimit))
            }
            guard !value.utf8.contains(0) else { throw .invalidEnvironment(name: name, .invalidValue) }
            if let problem = known?.problem(with: value) { throw .invalidEnvironment(name: name, problem) }
        }
        self.name = name
        self.value = value
        self.isSecret = isSecret || known?.kind == .secret
    }

    static func isName(_ text: String) -> Bool {
        guard (1...nameLimit).contains(text.utf8.count), let first = text.utf8.first,
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}

/// What a change of the environment does, in names alone.
package struct EnvironmentDiff: Sendable, Equatable {
    package var added: [String] = []
    package var changed: [String] = []
    package var removed: [String] = []

    package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

    /// Such as `+MODE ~LANGUAGE -OWNER_NAME`.
    package var text: String {
        (added.map { "+\($0)" } + changed.map { "~\($0)" } + removed.map { "-\($0)" }).joined(separator: " ")
    }
}
