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
    /// `viewer` is whoever is logged in at this moment.
    let open: @Sendable (_ name: String, _ after: UInt64?, _ viewer: Viewer?) async throws -> OpenTopic
}

/// A subscription that goes on, and whether it still may.
struct OpenTopic: Sendable {
    let events: TopicEvents
    /// Throws a `UserFacingError` when this viewer may not follow the topic any more; nil where the topic's name is its permission.
    ///
    /// Asked now and then, and at once when the viewer's rights changed; the viewer is nil once nobody is logged in.
    var review: (@Sendable (_ viewer: Viewer?) async throws -> Void)?
}

typealias TopicEvents = any AsyncSequence<TopicEvent, Never> & Sendable
