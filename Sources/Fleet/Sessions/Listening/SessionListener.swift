import Foundation
package import WhatsApp

/// A session that runs, as those see it who hear its events.
package struct RunningSession: Sendable {
    package let id: SessionID
    package let session: Session
}

/// Somebody who wants to hear what sessions tell: bots, webhooks, the inbox.
package protocol SessionListener: Sendable {
    /// For metrics: a word of a closed set.
    var name: String { get }

    /// Takes one event.
    ///
    /// The events of one session come in order, one after the other; those of others may come at the same time. What has a
    /// number is told again after a restart, under the same number, unless this has returned and that could be written
    /// down: a listener whose deeds must not be done twice keeps the number, or does them under a name that the event gives.
    func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async
}
