/// Names an event among all that a session tells in its life: rises with each, over restarts too.
///
/// An event that listeners had not heard out when the process ended is told again, under the same number. Whoever keeps the
/// last number that it has dealt with knows a repeat.
package struct EventNumber: RawRepresentable, Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (left: EventNumber, right: EventNumber) -> Bool { left.rawValue < right.rawValue }
}

/// What a listener says to an event as it is handed over.
package enum EventHearing: Sendable {
    /// It need not be told again.
    case heard
    /// The listener goes on with it, and says later that it was heard.
    case pending
}
