import Synchronization
import WhatsApp

/// An event that is told again after a restart unless all listeners are through with it.
final class ListenerTurn: Sendable {
    let number: EventNumber
    private let session: Session
    private let left: Atomic<Int>

    init(_ number: EventNumber, of session: Session, listeners: Int) {
        self.number = number
        self.session = session
        left = Atomic(listeners)
    }

    /// One listener is through.
    func end() {
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { session.heard(number) }
    }
}
