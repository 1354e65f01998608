package import Foundation
import WhatsAppWire

/// A message that goes out at a time, once or again and again.
package struct ScheduledMessage: Sendable, Equatable {
    package static let limit = 200

    package var id: UUID
    package var chat: String
    /// A template, see ``TextTemplate``.
    package var text: String
    /// Who is named in it.
    package var mention: String?
    package var when: When
    package var zone: TimeZone
    /// Past while it is tried again, and nil once it is over.
    package var nextAt: Date?
    /// How often that time was tried in vain.
    var failures = 0
    package var lastAt: Date?
    /// Nil where the last time went well.
    package var lastError: ScheduleProblem?
    package var isOn: Bool
    package var createdBy: String

    package enum When: Sendable, Equatable {
        case once(Date)
        case again(CronExpression)
    }

    package init(
        id: UUID = UUID(),
        chat: String,
        text: String,
        mention: String? = nil,
        when: When,
        zone: TimeZone,
        isOn: Bool = true,
        createdBy: String
    ) {
        self.id = id
        self.chat = chat
        self.text = text
        self.mention = mention
        self.when = when
        self.zone = zone
        self.isOn = isOn
        self.createdBy = createdBy
    }

    /// Says what is wrong with it, and when it is due first.
    mutating func check(at now: Date) throws(AutomationError) {
        guard let jid = JID(chat), [.user, .lid, .group].contains(jid.server), !jid.user.isEmpty else {
            throw .invalid(.chat)
        }
        guard (1...TextTemplate.templateLimit).contains(text.count), !text.trimmed.isEmpty else {
            throw .invalid(.text)
        }
        switch when {
        case .once(let date):
            guard date > now, date.timeIntervalSince(now) < 5 * 366 * 86_400 else { throw .invalid(.at) }
            nextAt = date
        case .again(let cron):
            guard let next = cron.next(after: now, in: zone) else { throw .invalid(.cron) }
            nextAt = next
        }
    }

    /// The next time after one has come.
    func following(_ now: Date) -> Date? {
        switch when {
        case .once: nil
        case .again(let cron): cron.next(after: now, in: zone)
        }
    }
}
