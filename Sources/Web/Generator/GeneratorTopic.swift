internal import Fleet

extension TopicSource {
    /// `generator:ID`; the id is its own permission.
    static func generator(_ generator: SessionGenerator) -> TopicSource {
        TopicSource(kind: "generator") { name, after, _ in
            guard let id = AttemptID(name) else { throw GeneratorError.unknownAttempt }
            return OpenTopic(events: try await generator.events(of: id, after: after).map { TopicEvent($0) })
        }
    }
}
