/// Reads settings by name from where they may stand; the first place that has one wins.
///
/// Reading a setting declares it, so that a key's name, type, default and help are written once, where its value is
/// taken. Whoever wants the table of all keys reads them from no source at all.
struct SettingsReader {
    private let sources: [SettingsSource]
    private(set) var declarations: [SettingDeclaration] = []
    private(set) var problems: [SettingsProblem] = []
    /// Those that some source gives.
    private(set) var given: Set<String> = []
    private var area = ""

    init(sources: [SettingsSource]) {
        self.sources = sources
    }

    /// Starts a group of keys that belong together.
    mutating func begin(_ area: String) {
        self.area = area
    }

    mutating func value<Value>(
        _ name: String,
        _ type: SettingType<Value>,
        standard: Value,
        help: String
    ) -> Value {
        declare(name, type, standard: type.write(standard), help: help, isSecret: false)
        return find(name, type) ?? standard
    }

    mutating func optional<Value>(_ name: String, _ type: SettingType<Value>, help: String) -> Value? {
        declare(name, type, standard: nil, help: help, isSecret: false)
        return find(name, type)
    }

    mutating func secret<Value>(_ name: String, _ type: SettingType<Value>, help: String) -> Secret<Value>? {
        declare(name, type, standard: nil, help: help, isSecret: true)
        return find(name, type).map(Secret.init)
    }

    /// Names every key that nobody asked for.
    mutating func reportUnknownNames() {
        let known = declarations.map(\.name)
        for source in sources where source.isComplete {
            for (name, _) in source.values.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
                let place = source.place(of: name)
                let hint = NameSuggestion.closest(to: name, among: known).map { "; did you mean \($0)?" } ?? ""
                problems.append(SettingsProblem("\(place): there is no such setting\(hint)"))
            }
        }
    }

    private mutating func declare<Value>(
        _ name: String,
        _ type: SettingType<Value>,
        standard: String?,
        help: String,
        isSecret: Bool
    ) {
        declarations.append(
            SettingDeclaration(
                area: area,
                name: name,
                expectation: type.expectation,
                standard: standard,
                help: help,
                isSecret: isSecret
            )
        )
    }

    private mutating func find<Value>(_ name: String, _ type: SettingType<Value>) -> Value? {
        for source in sources {
            guard let text = source.values[name], !text.isEmpty || type.acceptsEmpty else { continue }
            if let value = type.parse(text) {
                given.insert(name)
                return value
            }
            problems.append(
                SettingsProblem("\(source.place(of: name)): must be \(type.expectation)\(hint(name, text))")
            )
            return nil
        }
        return nil
    }

    /// Kubernetes sets `WHARF_PORT=tcp://…` in every pod beside a service of the name `wharf`.
    private func hint(_ name: String, _ text: String) -> String {
        let isServiceLink = name == "WHARF_PORT" && text.hasPrefix("tcp://")
        return isServiceLink ? " (set by Kubernetes for a service named wharf; use enableServiceLinks: false)" : ""
    }
}

/// One place that settings come from.
struct SettingsSource {
    enum Kind {
        case commandLine
        case environment
        case file(name: String, lines: [String: Int])
    }

    let kind: Kind
    let values: [String: String]

    /// Whether every name in it must be a setting's; options have been checked before.
    var isComplete: Bool {
        if case .commandLine = kind { false } else { true }
    }

    func place(of name: String) -> String {
        switch kind {
        case .commandLine: "\(SettingsSource.options.first { $0.value == name }?.key ?? name) (command line)"
        case .environment: "\(name) (environment)"
        case .file(let file, let lines): "\(name) (\(file), line \(lines[name] ?? 0))"
        }
    }

    /// Options of `wharf serve` and the settings that they stand for.
    static let options = [
        "--host": "WHARF_HOST",
        "--port": "WHARF_PORT",
        "--data": "WHARF_DATA",
        "--share": "WHARF_SHARE",
        "--sandbox": "WHARF_SANDBOX",
        "--sandbox-port": "WHARF_SANDBOX_PORT",
        "--sandbox-url": "WHARF_SANDBOX_URL",
    ]
}
