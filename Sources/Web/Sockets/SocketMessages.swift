internal import Foundation

/// What a browser may say on its socket.
enum SocketCommand: Equatable {
    case subscribe(String, after: UInt64?)
    case unsubscribe(String)

    /// Reads `{"subscribe":"TOPIC","after":7}` or `{"unsubscribe":"TOPIC"}`.
    init(parsing text: String) throws {
        let fields = try JSONFields(
            JSONValue(parsing: text.utf8, depth: 4),
            known: ["subscribe", "unsubscribe", "after"]
        )
        switch (try fields.text("subscribe"), try fields.text("unsubscribe")) {
        case (let topic?, nil):
            self = .subscribe(try Self.checked(topic), after: try fields.count("after"))
        case (nil, let topic?):
            guard try fields.count("after") == nil else { throw SocketError.unknownCommand }
            self = .unsubscribe(try Self.checked(topic))
        default:
            throw SocketError.unknownCommand
        }
    }

    private static func checked(_ topic: String) throws(SocketError) -> String {
        guard topic.utf8.count <= 200 else { throw .unknownTopic(String(topic.prefix(40))) }
        return topic
    }
}

/// Why a browser did not get what it asked for on its socket.
enum SocketError: Error, Equatable {
    case unknownCommand
    case unknownTopic(String)
    case alreadySubscribed(String)
    case notSubscribed(String)
    case tooManySubscriptions(String, limit: Int)
    case refused(String, code: String, message: String)

    var code: String {
        switch self {
        case .unknownCommand: "socket.unknown_command"
        case .unknownTopic: "socket.unknown_topic"
        case .alreadySubscribed: "socket.already_subscribed"
        case .notSubscribed: "socket.not_subscribed"
        case .tooManySubscriptions: "socket.too_many_subscriptions"
        case .refused(_, let code, _): code
        }
    }

    var message: String {
        switch self {
        case .unknownCommand: "Send either {\"subscribe\": topic} or {\"unsubscribe\": topic}."
        case .unknownTopic: "There is no such topic: reload the page."
        case .alreadySubscribed: "This topic is subscribed to already."
        case .notSubscribed: "This topic is not subscribed to."
        case .tooManySubscriptions(_, let limit): "At most \(limit) topics fit on one connection: leave one first."
        case .refused(_, _, let message): message
        }
    }

    var topic: String? {
        switch self {
        case .unknownCommand: nil
        case .unknownTopic(let topic), .alreadySubscribed(let topic), .notSubscribed(let topic),
            .tooManySubscriptions(let topic, _), .refused(let topic, _, _):
            topic
        }
    }
}

/// An event as it is sent: `{"topic","event","data","id"}`.
struct EventMessage: Encodable {
    let topic: String
    let event: TopicEvent

    private enum CodingKeys: String, CodingKey {
        case topic
        case event
        case data
        case id
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(topic, forKey: .topic)
        try container.encode(event.name, forKey: .event)
        try container.encode(event.id, forKey: .id)
        try event.payload.encode(to: container.superEncoder(forKey: .data))
    }

    var json: String? { JSONText.encode(self) }
}

/// A refusal as it is sent: `{"error":{"code","message","topic"}}`.
struct ErrorMessage: Encodable {
    private let error: Content

    private struct Content: Encodable {
        let code: String
        let message: String
        let topic: String?
    }

    init(code: String, message: String, topic: String?) {
        error = Content(code: code, message: message, topic: topic)
    }

    var json: String? { JSONText.encode(self) }
}
