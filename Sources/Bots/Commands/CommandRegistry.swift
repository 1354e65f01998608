/// All commands that there are, found by name or alias at once.
///
/// Made once, never changed, and shared by all bots.
package final class CommandRegistry: Sendable {
    /// In the order of the lists.
    package let commands: [any Command]
    private let byName: [String: Int]

    /// Throws for a name that two commands want, or that nobody could type.
    package init(_ commands: [any Command]) throws(CommandRegistryError) {
        var byName: [String: Int] = [:]
        for (index, command) in commands.enumerated() {
            let declaration = command.declaration
            for name in [declaration.name] + declaration.aliases {
                guard Self.isName(name) else { throw .invalidName(name) }
                guard byName.updateValue(index, forKey: name) == nil else { throw .takenName(name) }
            }
            let texts = declaration.arguments.filter { $0.kind != .flag }
            if let text = texts.firstIndex(where: { $0.kind == .text }), text != texts.count - 1 {
                throw .unreachableArgument(declaration.name)
            }
        }
        self.commands = commands
        self.byName = byName
    }

    /// Every command that comes with the program.
    package static func builtIn() throws(CommandRegistryError) -> CommandRegistry {
        try CommandRegistry(
            GeneralCommands.all + GroupCommands.all + MediaCommands.all + DownloadCommands.all + ToolCommands.all
                + AICommands.all + StatusCommands.all + OwnerCommands.all + AutomationCommands.all
        )
    }

    /// By name or alias in lower case.
    package func find(_ name: String) -> (any Command)? {
        byName[name].map { commands[$0] }
    }

    package func commands(in category: CommandCategory) -> [any Command] {
        commands.filter { $0.declaration.category == category }
    }

    /// Names and aliases, with as few changes as that, for a hint to who has mistyped.
    package func closest(to name: String) -> String? {
        guard (3...24).contains(name.count) else { return nil }
        return byName.keys.filter { abs($0.count - name.count) <= 1 && Self.isOneEditAway($0, name) }.min()
    }

    static func isName(_ name: String) -> Bool {
        (1...24).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private static func isOneEditAway(_ left: String, _ right: String) -> Bool {
        let (short, long) = left.count <= right.count ? (Array(left), Array(right)) : (Array(right), Array(left))
        guard let start = short.indices.first(where: { short[$0] != long[$0] }) else { return true }
        if short.count == long.count { return short[(start + 1)...] == long[(start + 1)...] }
        return short[start...] == long[(start + 1)...]
    }
}

/// What is wrong with a list of commands.
package enum CommandRegistryError: Error, Equatable {
    case takenName(String)
    case invalidName(String)
    /// A text takes everything that is left: nothing can come after it.
    case unreachableArgument(String)
}
