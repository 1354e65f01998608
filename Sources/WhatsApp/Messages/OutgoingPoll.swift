package import Foundation

/// A question with options to choose from.
package struct OutgoingPoll: Sendable, Equatable {
    package static let nameLimit = 255
    package static let optionLimit = 100
    package static let optionCount = 2...12

    package var name: String
    package var options: [String]
    /// How many options one person may choose; 0 for any number.
    package var selectableCount: Int
    /// In an announcement group of a community.
    package var isForAnnouncementGroup = false

    package init(name: String, options: [String], selectableCount: Int = 1) {
        self.name = name
        self.options = options
        self.selectableCount = selectableCount
    }
}

/// All options that the own account now chooses; none takes the vote back.
package struct OutgoingVote: Sendable, Equatable {
    package var poll: AddOnTarget
    package var options: [String]

    package init(poll: AddOnTarget, options: [String]) {
        self.poll = poll
        self.options = options
    }
}

/// An appointment.
package struct OutgoingEvent: Sendable, Equatable {
    package var name: String
    package var details: String?
    package var start: Date
    package var end: Date?
    package var location: OutgoingLocation?
    package var joinLink: String?
    package var isCancelled = false
    package var allowsGuests = false

    package init(name: String, start: Date) {
        self.name = name
        self.start = start
    }
}

/// Whether the own account comes to an event.
package struct OutgoingEventResponse: Sendable, Equatable {
    package var event: AddOnTarget
    package var answer: EventAnswer
    package var guests: Int

    package init(event: AddOnTarget, answer: EventAnswer, guests: Int = 0) {
        self.event = event
        self.answer = answer
        self.guests = guests
    }
}

/// An answer to an event.
package enum EventAnswer: String, Sendable, CaseIterable {
    case going
    case notGoing = "not_going"
    case maybe
}
