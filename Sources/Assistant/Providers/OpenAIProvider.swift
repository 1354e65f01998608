internal import Foundation
internal import HTTPClient

/// OpenAI's chat completions and transcriptions, which many servers speak.
struct OpenAIProvider: AssistantProvider {
    let configuration: AssistantConfiguration
    let exchange: AssistantExchange

    private struct Question: Encodable {
        struct Line: Encodable {
            var role: String
            var content: Content
        }

        /// A plain text where there is nothing else: not every server knows parts.
        enum Content: Encodable {
            case text(String)
            case parts([Part])

            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                switch self {
                case .text(let text): try container.encode(text)
                case .parts(let parts): try container.encode(parts)
                }
            }
        }

        struct Part: Encodable {
            struct Address: Encodable {
                var url: String
            }

            var type: String
            var text: String?
            var image: Address?

            enum CodingKeys: String, CodingKey {
                case type
                case text
                case image = "image_url"
            }
        }

        var model: String
        var messages: [Line]
        var answerLimit: Int

        enum CodingKeys: String, CodingKey {
            case model
            case messages
            case answerLimit = "max_tokens"
        }
    }

    private struct Reply: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable {
                var content: String?
                var refusal: String?
            }

            var message: Message
            var reason: String?

            enum CodingKeys: String, CodingKey {
                case message
                case reason = "finish_reason"
            }
        }

        struct Usage: Decodable {
            var input: Int?
            var output: Int?

            enum CodingKeys: String, CodingKey {
                case input = "prompt_tokens"
                case output = "completion_tokens"
            }
        }

        var choices: [Choice]
        var usage: Usage?
    }

    private struct Transcript: Decodable {
        var text: String
    }

    func answer(_ conversation: AssistantConversation) async throws(AssistantError) -> AssistantAnswer {
        var lines: [Question.Line] = []
        if let instructions = conversation.instructions {
            lines.append(Question.Line(role: "system", content: .text(instructions)))
        }
        for message in conversation.messages {
            let role = message.role == .user ? "user" : "assistant"
            lines.append(Question.Line(role: role, content: Self.content(message)))
        }
        let question = Question(model: configuration.model, messages: lines, answerLimit: conversation.answerLimit)
        guard let body = try? JSONEncoder().encode(question) else { throw .invalidRequest }
        var request = HTTPRequest(
            .post,
            configuration.address + "/chat/completions",
            headers: headers,
            body: Array(body)
        )
        request.headers.append(HTTPHeader("Content-Type", "application/json"))
        let reply = try exchange.decode(Reply.self, from: try await exchange.send(request))
        guard let choice = reply.choices.first else { throw .malformedAnswer }
        if choice.message.refusal != nil || choice.reason == "content_filter" { throw .declined }
        guard let text = choice.message.content, !text.isEmpty else { throw .malformedAnswer }
        return AssistantAnswer(text: text, inputTokens: reply.usage?.input, outputTokens: reply.usage?.output)
    }

    func transcribe(_ recording: AssistantFile) async throws(AssistantError) -> String {
        let boundary = "wharf-\(UUID().uuidString)"
        var body: [UInt8] = []
        func add(_ text: String) { body += Array(text.utf8) }
        for (name, value) in [("model", configuration.transcriptionModel), ("response_format", "json")] {
            add("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        let type = recording.mimeType.prefix { $0 != ";" }.filter { $0.isASCII && !$0.isWhitespace }
        let ending = type.split(separator: "/").last.map(String.init) ?? "ogg"
        add("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"recording.\(ending)\"\r\n")
        add("Content-Type: \(type)\r\n\r\n")
        body += recording.bytes
        add("\r\n--\(boundary)--\r\n")
        var request = HTTPRequest(.post, configuration.address + "/audio/transcriptions", headers: headers, body: body)
        request.headers.append(HTTPHeader("Content-Type", "multipart/form-data; boundary=\(boundary)"))
        return try exchange.decode(Transcript.self, from: try await exchange.send(request)).text
    }

    private var headers: [HTTPHeader] { [HTTPHeader("Authorization", "Bearer \(configuration.key.reveal())")] }

    private static func content(_ message: AssistantMessage) -> Question.Content {
        guard !message.images.isEmpty else { return .text(message.text) }
        let images = message.images.map { image in
            let address = "data:\(image.mimeType);base64,\(Data(image.bytes).base64EncodedString())"
            return Question.Part(type: "image_url", image: Question.Part.Address(url: address))
        }
        return .parts([Question.Part(type: "text", text: message.text)] + images)
    }
}
