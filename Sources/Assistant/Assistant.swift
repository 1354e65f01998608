package import HTTPClient

/// The provider that the configuration names.
package struct Assistant: AssistantProvider {
    private let provider: any AssistantProvider

    package init(
        configuration: AssistantConfiguration,
        http: HTTPClient,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        let exchange = AssistantExchange(http: http, timeout: configuration.timeout, pause: pause)
        provider =
            switch configuration.dialect {
            case .openAI: OpenAIProvider(configuration: configuration, exchange: exchange)
            case .gemini: GeminiProvider(configuration: configuration, exchange: exchange)
            }
    }

    package func answer(_ conversation: AssistantConversation) async throws(AssistantError) -> AssistantAnswer {
        try conversation.check()
        return try await provider.answer(conversation)
    }

    package func transcribe(_ recording: AssistantFile) async throws(AssistantError) -> String {
        let limit = AssistantConversation.fileLimit
        guard recording.bytes.count <= limit else { throw .tooLarge(limit: limit) }
        return try await provider.transcribe(recording)
    }
}
