internal import Accounts

/// One event of a topic, as it goes to a browser.
struct TopicEvent: Sendable {
    /// Rises within its topic; a subscription can start after one.
    let id: UInt64
    let name: String
    let payload: any Encodable & Sendable
}

/// Where the topics of one kind come from: `generator` serves `generator:ID`.
///
/// A new kind of topic is a new value in the one list that `WebServer` makes.
struct TopicSource: Sendable {
    let kind: String
    /// Starts one subscription, or throws a `UserFacingError`; ending the iteration ends it.
    ///
    /// `viewer` is whoever was logged in when the socket was opened.
    let events: @Sendable (_ name: String, _ after: UInt64?, _ viewer: Viewer?) async throws -> TopicEvents
}

typealias TopicEvents = any AsyncSequence<TopicEvent, Never> & Sendable
