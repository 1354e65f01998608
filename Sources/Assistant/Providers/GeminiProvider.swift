internal import Foundation
internal import HTTPClient

/// Google's Gemini.
struct GeminiProvider: AssistantProvider {
    let configuration: AssistantConfiguration
    let exchange: AssistantExchange

    private struct Part: Codable {
        struct File: Codable {
            var mimeType: String
            var data: String
        }

        var text: String?
        var inlineData: File?
    }

    private struct Content: Codable {
        var role: String?
        var parts: [Part]?
    }

    private struct Question: Encodable {
        struct Settings: Encodable {
            var maxOutputTokens: Int
        }

        var systemInstruction: Content?
        var contents: [Content]
        var generationConfig: Settings
    }

    private struct Reply: Decodable {
        struct Candidate: Decodable {
            var content: Content?
            var finishReason: String?
        }

        struct Feedback: Decodable {
            var blockReason: String?
        }

        struct Usage: Decodable {
            var promptTokenCount: Int?
            var candidatesTokenCount: Int?
        }

        var candidates: [Candidate]?
        var promptFeedback: Feedback?
        var usageMetadata: Usage?
    }

    func answer(_ conversation: AssistantConversation) async throws(AssistantError) -> AssistantAnswer {
        let contents = conversation.messages.map { message in
            Content(
                role: message.role == .user ? "user" : "model",
                parts: [Part(text: message.text)] + message.images.map(Self.part)
            )
        }
        return try await ask(
            Question(
                systemInstruction: conversation.instructions.map { Content(parts: [Part(text: $0)]) },
                contents: contents,
                generationConfig: Question.Settings(maxOutputTokens: conversation.answerLimit)
            ),
            model: configuration.model
        )
    }

    func transcribe(_ recording: AssistantFile) async throws(AssistantError) -> String {
        let task = "Write down exactly what is said in this recording, in its language, and nothing else."
        let question = Question(
            contents: [Content(role: "user", parts: [Part(text: task), Self.part(recording)])],
            generationConfig: Question.Settings(maxOutputTokens: 8_192)
        )
        return try await ask(question, model: configuration.transcriptionModel).text
    }

    private func ask(_ question: Question, model: String) async throws(AssistantError) -> AssistantAnswer {
        guard let body = try? JSONEncoder().encode(question) else { throw .invalidRequest }
        let request = HTTPRequest(
            .post,
            "\(configuration.address)/models/\(model):generateContent",
            // Not in the address, which servers write into their logs.
            headers: [
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("x-goog-api-key", configuration.key.reveal()),
            ],
            body: Array(body)
        )
        let reply = try exchange.decode(Reply.self, from: try await exchange.send(request))
        if reply.promptFeedback?.blockReason != nil { throw .declined }
        guard let candidate = reply.candidates?.first else { throw .malformedAnswer }
        let text = candidate.content?.parts?.compactMap(\.text).joined() ?? ""
        guard !text.isEmpty else {
            let isDeclined = ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION", "SPII"]
                .contains(candidate.finishReason)
            throw isDeclined ? .declined : .malformedAnswer
        }
        return AssistantAnswer(
            text: text,
            inputTokens: reply.usageMetadata?.promptTokenCount,
            outputTokens: reply.usageMetadata?.candidatesTokenCount
        )
    }

    private static func part(_ file: AssistantFile) -> Part {
        let type = String(file.mimeType.prefix { $0 != ";" })
        return Part(inlineData: Part.File(mimeType: type, data: Data(file.bytes).base64EncodedString()))
    }
}
