/// What there is to know about one key, whatever its value.
package struct SettingDeclaration: Sendable, Equatable {
    /// The heading under which the key stands in the manual.
    package let area: String
    package let name: String
    /// What a value must be, to follow "must be".
    package let expectation: String
    /// As it would be written in a file; nil where there is none.
    package let standard: String?
    package let help: String
    package let isSecret: Bool
}

/// One thing that is wrong with the configuration: where it stands, and why; never the value.
package struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Everything that is wrong with the configuration, found in one go.
package struct SettingsError: Error, Equatable {
    package let problems: [SettingsProblem]
}
