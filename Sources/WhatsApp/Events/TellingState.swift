internal import NIOCore

/// What a session has to tell.
struct TellingState {
    var journal = EventJournal()
    /// Durable and waiting for the first moment in which messages can be sent.
    var held: [(event: SessionEvent, number: EventNumber)] = []
    var isTelling = false
    /// When what was heard is written down.
    var settling: Scheduled<Void>?
    var stagedAt = NIODeadline.now()
}
