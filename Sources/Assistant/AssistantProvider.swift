/// Somebody who answers questions: one of the services that do so, behind one interface.
package protocol AssistantProvider: Sendable {
    /// Answers the last message of a conversation.
    func answer(_ conversation: AssistantConversation) async throws(AssistantError) -> AssistantAnswer
    /// Writes down what is said in a recording.
    func transcribe(_ recording: AssistantFile) async throws(AssistantError) -> String
}

/// A file as part of a question.
package struct AssistantFile: Sendable, Equatable {
    package var bytes: [UInt8]
    package var mimeType: String

    package init(_ bytes: [UInt8], mimeType: String) {
        self.bytes = bytes
        self.mimeType = mimeType
    }
}

/// One line of a conversation.
package struct AssistantMessage: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
        case user
        case assistant
    }

    package var role: Role
    package var text: String
    package var images: [AssistantFile]

    package init(_ role: Role, _ text: String, images: [AssistantFile] = []) {
        self.role = role
        self.text = text
        self.images = images
    }
}

/// What was said so far, the question last.
package struct AssistantConversation: Sendable, Equatable {
    /// How the answers should be.
    package var instructions: String?
    package var messages: [AssistantMessage]
    /// The longest answer, in the provider's tokens.
    package var answerLimit: Int

    package static let textLimit = 200_000
    package static let fileLimit = 16 << 20

    package init(instructions: String? = nil, _ messages: [AssistantMessage], answerLimit: Int = 1_024) {
        self.instructions = instructions
        self.messages = messages
        self.answerLimit = answerLimit
    }

    /// Refuses what no provider should be sent.
    func check() throws(AssistantError) {
        let text = messages.reduce(instructions?.utf8.count ?? 0) { $0 + $1.text.utf8.count }
        guard text <= Self.textLimit else { throw .tooLarge(limit: Self.textLimit) }
        let files = messages.reduce(0) { $0 + $1.images.reduce(0) { $0 + $1.bytes.count } }
        guard files <= Self.fileLimit else { throw .tooLarge(limit: Self.fileLimit) }
    }
}

/// What came back.
package struct AssistantAnswer: Sendable, Equatable {
    package var text: String
    /// Nil where the provider does not say.
    package var inputTokens: Int?
    package var outputTokens: Int?
}

/// Why there is no answer.
package enum AssistantError: Error, Equatable {
    /// The key is not accepted.
    case unauthorized
    /// Too many questions; the time is the provider's own advice.
    case rateLimited(retryAfter: Duration?)
    /// The provider has trouble of its own.
    case overloaded
    /// The provider does not want to answer this.
    case declined
    /// There is no such model, or it does not do this.
    case unknownModel
    case invalidRequest
    case tooLarge(limit: Int)
    case timedOut
    case unreachable
    case malformedAnswer
    case cancelled
    case failed(status: Int)
}
