/// Which provider answers, and how it is reached.
package struct AssistantConfiguration: Sendable {
    package enum Dialect: String, Sendable, CaseIterable {
        /// OpenAI's, which many others speak too.
        case openAI = "openai"
        case gemini

        package var standardAddress: String {
            switch self {
            case .openAI: "https://api.openai.com/v1"
            case .gemini: "https://generativelanguage.googleapis.com/v1beta"
            }
        }

        package var standardModel: String {
            switch self {
            case .openAI: "gpt-4o-mini"
            case .gemini: "gemini-2.0-flash"
            }
        }
    }

    package var dialect: Dialect
    /// Without a slash at its end.
    package var address: String
    package var model: String
    /// For recordings, where that is another one.
    package var transcriptionModel: String
    package var key: AssistantKey
    package var timeout: Duration = .seconds(60)

    package init(
        _ dialect: Dialect,
        address: String? = nil,
        model: String? = nil,
        transcriptionModel: String? = nil,
        key: AssistantKey
    ) {
        self.dialect = dialect
        var address = address ?? dialect.standardAddress
        while address.hasSuffix("/") { address.removeLast() }
        self.address = address
        self.model = model ?? dialect.standardModel
        self.transcriptionModel = transcriptionModel ?? (dialect == .openAI ? "whisper-1" : self.model)
        self.key = key
    }
}

/// The secret by which a provider knows us; it is never part of a text by accident.
package struct AssistantKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    func reveal() -> String { text }

    package var description: String { "AssistantKey" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
