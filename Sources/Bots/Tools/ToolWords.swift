import Assistant
import MediaTools

/// What went wrong with a tool, in words for whoever asked.
enum ToolWords {
    static func refusal(_ error: ToolError) -> any Error {
        let text =
            switch error {
            case .programMissing(let name): "This server lacks the program “\(name)”."
            case .sandboxMissing, .sandboxRefused: "This server cannot run tools safely, so it does not run them."
            case .busy: "Too much is being made just now; try again in a moment."
            case .timedOut: "That took too long and was ended."
            case .inputTooLarge: "This file is too large."
            case .outputTooLarge: "The result would be too large."
            case .unsupportedInput: "This kind of file cannot be used for that."
            case .failed: "This file cannot be read; it may be damaged."
            case .system: "The server is short of something; try again later."
            case .cancelled: ""
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(text)
    }

    static func refusal(_ error: DownloadError) -> any Error {
        let text =
            switch error {
            case .invalidAddress: "That is no web address."
            case .privateAddress: "This address is not on the public internet, so it is not fetched."
            case .nothingFound: "Nothing that can be downloaded was found there."
            case .unavailable: "This cannot be had without an account, or not from here."
            case .live: "This is still going on; it can be downloaded when it is over."
            case .tooLong(let limit): "That is too long: at most \(DurationText.write(limit))."
            case .tooLarge(let limit): "That is too large: at most \(limit / 1_048_576) MiB."
            case .timedOut: "That took too long and was ended."
            case .busy: "Too many downloads wait already; try again in a moment."
            case .notInstalled(let name): "This server lacks the program “\(name)”."
            case .failed: "The download failed."
            case .cancelled: ""
            }
        if case .failed(let inner) = error, inner == .sandboxMissing || inner == .sandboxRefused {
            return refusal(inner)
        }
        return error == .cancelled ? CancellationError() : CommandRefusal(text)
    }

    static func refusal(_ error: AssistantError) -> any Error {
        let text =
            switch error {
            case .unauthorized: "The AI provider does not accept this server's key."
            case .rateLimited(let wait):
                "The AI provider is asked too often; try again \(wait.map { "in " + DurationText.write($0) } ?? "later")."
            case .overloaded: "The AI provider has trouble; try again later."
            case .declined: "The AI does not want to answer that."
            case .unknownModel: "The AI provider does not know this server's model."
            case .invalidRequest: "The AI provider does not take this."
            case .tooLarge: "That is too much for the AI."
            case .timedOut: "The AI took too long."
            case .unreachable: "The AI provider cannot be reached."
            case .malformedAnswer, .failed: "The AI gave no answer that makes sense."
            case .cancelled: ""
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(text)
    }

    static func refusal(_ error: LookupError) -> any Error {
        let text =
            switch error {
            case .notConfigured: "This is not set up on this server."
            case .notFound(let what): "“\(what.prefix(60))” is not known."
            case .unavailable: "The service does not answer; try again later."
            case .cancelled: ""
            }
        return error == .cancelled ? CancellationError() : CommandRefusal(text)
    }
}
