import Foundation
import HTTPClient
import Synchronization
import Testing

@testable import Assistant

@Suite struct AssistantTests {
    typealias Answer = AnsweringServer.Answer

    private static let chat = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
        {"role":"assistant","content":"Four.","refusal":null},"logprobs":null,"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}
        """
    private static let gemini = """
        {"candidates":[{"content":{"parts":[{"text":"Fo"},{"text":"ur."}],"role":"model"},"finishReason":"STOP",\
        "index":0}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":3,"totalTokenCount":15},\
        "modelVersion":"m"}
        """

    /// What happened while a provider was asked.
    private struct Story {
        let assistant: Assistant
        let server: AnsweringServer
        let pauses: Pauses
    }

    private final class Pauses: Sendable {
        let all = Mutex<[Duration]>([])
    }

    private func with(
        _ dialect: AssistantConfiguration.Dialect,
        _ answers: [Answer],
        timeout: Duration = .seconds(20),
        _ body: (Story) async throws -> Void
    ) async throws {
        let server = try await AnsweringServer(answers)
        let http = HTTPClient()
        let pauses = Pauses()
        var configuration = AssistantConfiguration(
            dialect,
            address: server.url + "/base/",
            model: "model-1",
            key: AssistantKey("secret-key")
        )
        configuration.timeout = timeout
        let assistant = Assistant(configuration: configuration, http: http) { pause in
            pauses.all.withLock { $0.append(pause) }
        }
        try await body(Story(assistant: assistant, server: server, pauses: pauses))
        await http.shutdown()
        await server.stop()
    }

    private var question: AssistantConversation {
        AssistantConversation(
            instructions: "Be short.",
            [
                AssistantMessage(.user, "Hello"), AssistantMessage(.assistant, "Hi"),
                AssistantMessage(.user, "2 + 2?", images: [AssistantFile([1, 2, 3], mimeType: "image/png")]),
            ],
            answerLimit: 50
        )
    }

    private func body(of request: String) throws -> [String: Any] {
        let text = try #require(request.components(separatedBy: "\r\n\r\n").last)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func openAIAnswers() async throws {
        try await with(.openAI, [Answer(body: Self.chat)]) { story in
            let answer = try await story.assistant.answer(question)
            #expect(answer == AssistantAnswer(text: "Four.", inputTokens: 12, outputTokens: 3))
            let request = try #require(story.server.requests.first)
            #expect(request.hasPrefix("POST /base/chat/completions HTTP/1.1\r\n"))
            #expect(request.contains("Authorization: Bearer secret-key"))
            let body = try body(of: request)
            #expect(body["model"] as? String == "model-1" && body["max_tokens"] as? Int == 50)
            let messages = try #require(body["messages"] as? [[String: Any]])
            #expect(messages.map { $0["role"] as? String } == ["system", "user", "assistant", "user"])
            #expect(messages[1]["content"] as? String == "Hello")
            let parts = try #require(messages[3]["content"] as? [[String: Any]])
            #expect((parts[1]["image_url"] as? [String: String])?["url"] == "data:image/png;base64,AQID")
        }
    }

    @Test func geminiAnswers() async throws {
        try await with(.gemini, [Answer(body: Self.gemini)]) { story in
            let answer = try await story.assistant.answer(question)
            #expect(answer == AssistantAnswer(text: "Four.", inputTokens: 12, outputTokens: 3))
            let request = try #require(story.server.requests.first)
            #expect(request.hasPrefix("POST /base/models/model-1:generateContent HTTP/1.1\r\n"))
            #expect(request.contains("x-goog-api-key: secret-key"))
            let body = try body(of: request)
            let contents = try #require(body["contents"] as? [[String: Any]])
            #expect(contents.map { $0["role"] as? String } == ["user", "model", "user"])
            let parts = try #require(contents[2]["parts"] as? [[String: Any]])
            #expect((parts[1]["inlineData"] as? [String: String]) == ["mimeType": "image/png", "data": "AQID"])
            #expect((body["generationConfig"] as? [String: Int]) == ["maxOutputTokens": 50])
        }
    }

    @Test func recordingsAreWrittenDown() async throws {
        let recording = AssistantFile(Array("sound".utf8), mimeType: "audio/ogg; codecs=opus")
        try await with(.openAI, [Answer(body: #"{"text":"Good morning."}"#)]) { story in
            #expect(try await story.assistant.transcribe(recording) == "Good morning.")
            let request = try #require(story.server.requests.first)
            #expect(request.hasPrefix("POST /base/audio/transcriptions HTTP/1.1\r\n"))
            #expect(request.contains("name=\"model\"\r\n\r\nwhisper-1\r\n"))
            #expect(request.contains("filename=\"recording.ogg\"\r\nContent-Type: audio/ogg\r\n\r\nsound\r\n--wharf-"))
        }
        try await with(.gemini, [Answer(body: Self.gemini)]) { story in
            #expect(try await story.assistant.transcribe(recording) == "Four.")
            let request = try #require(story.server.requests.first)
            #expect(request.contains("audio\\/ogg"))
        }
    }

    @Test func itIsAskedAgainWhenTheProviderSaysSo() async throws {
        let busy = Answer(status: 429, headers: ["Retry-After: 3"], body: #"{"error":{"message":"slow down"}}"#)
        try await with(.openAI, [busy, Answer(status: 503, body: "{}"), Answer(body: Self.chat)]) { story in
            let answer = try await story.assistant.answer(question)
            #expect(answer.text == "Four.")
            let pauses = story.pauses.all.withLock { $0 }
            #expect(pauses.first == .seconds(3) && pauses.count == 2)
        }
        try await with(.openAI, [busy, busy, busy]) { story in
            await #expect(throws: AssistantError.rateLimited(retryAfter: .seconds(3))) {
                try await story.assistant.answer(question)
            }
            #expect(story.server.requests.count == 3)
        }
        let never = Answer(status: 429, headers: ["Retry-After: 3600"], body: "{}")
        try await with(.gemini, [never]) { story in
            await #expect(throws: AssistantError.rateLimited(retryAfter: .seconds(3_600))) {
                try await story.assistant.answer(question)
            }
            #expect(story.pauses.all.withLock { $0.isEmpty })
        }
    }

    @Test(arguments: [
        (Answer(status: 401, body: "{}"), AssistantError.unauthorized),
        (Answer(status: 404, body: "{}"), .unknownModel), (Answer(status: 400, body: "{}"), .invalidRequest),
        (Answer(status: 418, body: "{}"), .failed(status: 418)), (Answer(body: "no json"), .malformedAnswer),
        (Answer(body: #"{"choices":[]}"#), .malformedAnswer),
        (
            Answer(body: #"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":"stop"}]}"#),
            .declined
        ),
    ])
    func openAIErrorsAreToldApart(answer: Answer, error: AssistantError) async throws {
        try await with(.openAI, [answer]) { story in
            await #expect(throws: error) { try await story.assistant.answer(question) }
        }
    }

    @Test(arguments: [
        (
            Answer(status: 400, body: #"{"error":{"details":[{"reason":"API_KEY_INVALID"}]}}"#),
            AssistantError.unauthorized
        ),
        (Answer(body: #"{"promptFeedback":{"blockReason":"SAFETY"}}"#), .declined),
        (Answer(body: #"{"candidates":[{"finishReason":"SAFETY"}]}"#), .declined),
        (Answer(body: #"{"candidates":[{"finishReason":"MAX_TOKENS","content":{}}]}"#), .malformedAnswer),
    ])
    func geminiErrorsAreToldApart(answer: Answer, error: AssistantError) async throws {
        try await with(.gemini, [answer]) { story in
            await #expect(throws: error) { try await story.assistant.answer(question) }
        }
    }

    @Test func sizesAndTimesAreBounded() async throws {
        try await with(.openAI, [], timeout: .milliseconds(200)) { story in
            await #expect(throws: AssistantError.timedOut) { try await story.assistant.answer(question) }
            let long = AssistantConversation([AssistantMessage(.user, String(repeating: "x", count: 200_001))])
            await #expect(throws: AssistantError.tooLarge(limit: 200_000)) { try await story.assistant.answer(long) }
        }
        try await with(.openAI, [Answer(body: String(repeating: " ", count: 5 << 20))]) { story in
            await #expect(throws: AssistantError.tooLarge(limit: 4 << 20)) {
                try await story.assistant.answer(question)
            }
        }
    }

    @Test func theKeyIsInNoText() {
        let configuration = AssistantConfiguration(.openAI, key: AssistantKey("secret-key"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("secret-key") && !"\(configuration)".contains("secret-key"))
    }
}
